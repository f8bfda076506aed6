/// The keys of ztunnel's access log, in text and JSON alike (ztunnel src/proxy/metrics.rs).
struct ZtunnelPairs {
  private var seen: UInt32 = 0
  private var sourceNamespace = Bytes()
  private var sourcePod = Bytes()
  private var destinationNamespace = Bytes()
  private var destinationPod = Bytes()
  private var destinationAddress = Bytes()
  private var innerAddress = Bytes()
  private var direction = Bytes()

  /// Takes one pair; false when the key came before or a number is none.
  mutating func store(_ key: Bytes, _ value: Bytes, _ record: inout LogRecord) -> Bool {
    var number: UInt32
    switch true {
    case key.equals("src.addr"):
      record[.remoteAddress] = value
      number = 0
    case key.equals("src.workload"):
      sourcePod = value
      number = 1
    case key.equals("src.namespace"):
      sourceNamespace = value
      number = 2
    case key.equals("src.identity"):
      record[.peerSAN] = value
      number = 3
    case key.equals("dst.addr"):
      destinationAddress = value
      number = 4
    case key.equals("dst.hbone_addr"):
      innerAddress = value
      number = 5
    case key.equals("dst.service"):
      record[.service] = value
      number = 6
    case key.equals("dst.workload"):
      destinationPod = value
      number = 7
    case key.equals("dst.namespace"):
      destinationNamespace = value
      number = 8
    case key.equals("dst.identity"):
      record[.localSAN] = value
      number = 9
    case key.equals("direction"):
      direction = value
      number = 10
    case key.equals("bytes_sent"):
      guard let amount = value.number else { return false }
      record.bytesSent = amount
      number = 11
    case key.equals("bytes_recv"):
      guard let amount = value.number else { return false }
      record.bytesReceived = amount
      number = 12
    case key.equals("duration"):
      record.duration = ZtunnelPairs.milliseconds(value)
      number = 13
    case key.equals("error"):
      record[.termination] = value
      number = 14
    default: return true
    }
    number = 1 << number
    defer { seen |= number }
    return seen & number == 0
  }

  /// Completes the record after the last pair.
  func finish(
    _ record: inout LogRecord, _ scratch: borrowing DecodeBuffer, _ written: inout Int
  ) -> LineVerdict {
    guard !direction.isEmpty, !destinationAddress.isEmpty else { return .rejected }
    record.isOutbound = direction.equals("outbound")
    guard record.isOutbound || direction.equals("inbound") else { return .rejected }
    // Port 15008 is HBONE's; the port that was called stands in `dst.hbone_addr` (spec istio 6.4).
    record[.localAddress] = innerAddress.isEmpty ? destinationAddress : innerAddress
    record[.sourcePod] = join(sourceNamespace, sourcePod, scratch, &written)
    record[.destinationPod] = join(destinationNamespace, destinationPod, scratch, &written)
    return .read
  }

  private func join(
    _ namespace: Bytes, _ name: Bytes, _ scratch: borrowing DecodeBuffer, _ written: inout Int
  ) -> Bytes {
    guard !namespace.isEmpty, !name.isEmpty else { return Bytes() }
    let start = written
    guard scratch.put(namespace, at: start),
      scratch.put(UInt8(ascii: "/"), at: start + namespace.count),
      scratch.put(name, at: start + namespace.count + 1)
    else { return Bytes() }
    written = start + namespace.count + 1 + name.count
    return scratch.bytes(start, written - start)
  }

  /// `15ms`; -1 for anything else.
  private static func milliseconds(_ value: Bytes) -> Int {
    guard value.count > 2, value.dropFirst(value.count - 2).equals("ms"),
      let number = value.prefix(value.count - 2).number
    else { return -1 }
    return number
  }
}
