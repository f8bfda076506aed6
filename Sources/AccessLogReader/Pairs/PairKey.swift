import CInflateShim
import MeshModel

/// What the two lines of one request share: its id, and the address and port of the pod that was called,
/// as one hash.
///
/// Envoy writes the pod that it chose (`%UPSTREAM_HOST%`) into the caller's line and the address that was
/// called (`%DOWNSTREAM_LOCAL_ADDRESS%`) into the called's; under one Envoy 1.40 after another both were
/// the same for each of 2,018 requests (spec access-logs 1).
struct PairKey {
  /// Decides by its high bits whether the request is kept; a product of 16 bytes of the id, for it is made of
  /// every line.
  var rank: UInt64
  var side: ObservedRequestKey.Side

  /// An id with fewer characters may be shared by chance; a UUID has 36.
  private static let shortestID = 16
  private static let longestID = 256
  /// Ids and addresses hash alike on every machine, for what two machines read is joined by a third.
  private static let seed: UInt64 = 0x6D65_7368_6175_6469

  /// The key of a line, nil when it cannot be half of a pair: no id, no address, a side that only a
  /// closer look tells, or a called's line that has the identity of its peer already.
  @inline(__always)
  init?(_ record: borrowing LogRecord) {
    let id = record[.requestID]
    guard id.count >= PairKey.shortestID, id.count <= PairKey.longestID else { return nil }
    let cluster = record[.cluster]
    guard cluster.count > 0 else { return nil }
    let address: Bytes
    switch cluster[0] {
    // `inbound|8080||`, `InboundPassthroughCluster` (Istio, spec istio 6.3).
    case UInt8(ascii: "i"), UInt8(ascii: "I"):
      guard
        !record.hasOthers
          || record[.peerSAN].isEmpty && record[.forwardedClientCertificate].isEmpty
            && record[.peerPrincipalState].isEmpty
      else { return nil }
      side = .server
      address = record[.localAddress]
    // `outbound|8080||host`, `PassthroughCluster`.
    case UInt8(ascii: "o"), UInt8(ascii: "P"):
      // The pod that it names last must have answered: no retry, refusal or failure.
      let details = record[.details]
      guard record[.flags].isEmpty, record[.termination].isEmpty,
        details.isEmpty || details.equals("via_upstream")
      else { return nil }
      side = .client
      address = record[.upstreamHost]
    default: return nil
    }
    guard address.count >= 8, address.count <= 128 else { return nil }
    rank = ByteHash.product(id.pointer, id.count, seed: PairKey.seed)
  }

  /// The whole key, its high half that of the rank.
  func hash(_ record: borrowing LogRecord) -> UInt64 {
    let id = record[.requestID]
    let address = record[side == .server ? .localAddress : .upstreamHost]
    let hash = ByteHash.hash(
      id.pointer, id.count,
      seed: ByteHash.hash(address.pointer, address.count, seed: PairKey.seed))
    return rank & 0xFFFF_FFFF_0000_0000 | hash & 0xFFFF_FFFF
  }

  /// The half that a record is; nil where a closer look says that it is none.
  @inline(never)
  func half(_ record: borrowing LogRecord) -> PairHalf? {
    let cluster = record[.cluster]
    switch side {
    case .server:
      guard cluster.hasPrefix("inbound") || cluster.hasPrefix("InboundPassthrough") else {
        return nil
      }
    case .client:
      guard cluster.hasPrefix("outbound|") || cluster.equals("PassthroughCluster") else {
        return nil
      }
    }
    guard let received = UInt32(exactly: record.bytesReceived),
      let sent = UInt32(exactly: record.bytesSent)
    else { return nil }
    let bucket =
      record.duration < 0
      ? PairHalf.noBucket : UInt8(LatencyHistogram.bucket(milliseconds: record.duration))
    return PairHalf(
      time: record.time, row: 0, connection: connection(record), bytesReceived: received,
      bytesSent: sent, bucket: bucket)
  }

  /// The caller's end of the connection: where its proxy sent from, and where the called's proxy saw the
  /// connection come from.
  ///
  /// An address that a header gave has port 0 and says nothing (spec access-logs 1.3).
  private func connection(_ record: borrowing LogRecord) -> UInt32 {
    var address: Bytes
    switch side {
    case .client: address = record[.upstreamLocalAddress]
    case .server:
      address = record[.directRemoteAddress]
      if address.isEmpty { address = record[.remoteAddress] }
    }
    guard address.count >= 8,
      !(address[address.count - 1] == UInt8(ascii: "0")
        && address[address.count - 2] == UInt8(ascii: ":"))
    else { return 0 }
    let hash = ByteHash.hash(address.pointer, address.count, seed: PairKey.seed)
    return max(1, UInt32(truncatingIfNeeded: hash))
  }
}
