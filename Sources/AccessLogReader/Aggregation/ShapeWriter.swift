import CInflateShim

/// Marks of a shape that are one bit each.
struct ShapeMarks: OptionSet {
  let rawValue: UInt16

  static let hasUpstreamHost = ShapeMarks(rawValue: 1 << 0)
  static let hasGRPCStatus = ShapeMarks(rawValue: 1 << 1)
  /// The logged address came from a header: Envoy prints port 0 for it (spec access-logs 1.3).
  static let isAddressClaimed = ShapeMarks(rawValue: 1 << 2)
  /// The path is `%REQ(:PATH)%`.
  static let isPathTrusted = ShapeMarks(rawValue: 1 << 3)
  static let hasTLSVersion = ShapeMarks(rawValue: 1 << 4)
  static let isOutbound = ShapeMarks(rawValue: 1 << 5)
  /// No HTTP: neither method nor protocol nor response code.
  static let isTCP = ShapeMarks(rawValue: 1 << 6)
  static let hasError = ShapeMarks(rawValue: 1 << 7)
  /// At least one byte went either way.
  static let hasBytes = ShapeMarks(rawValue: 1 << 8)
}

/// Writes what of a record decides where it is counted: its shape.
///
/// Everything that differs from request to request (times, numbers, ports of clients, request ids,
/// identifiers in paths) is left out, so that a mesh has few shapes and each is resolved once.
///
/// Layout: day (4), format (1), first digit of the code (1), marks (2), presence bits of fields (4),
/// then for each present field its length (2) and bytes, in `order`.
struct ShapeWriter: ~Copyable {
  /// The longest SPIFFE ID is 2,048 bytes (SPIFFE-ID section 2.3).
  private static let longestField = 2048
  static let headerCount = 12
  /// The order of fields in a shape.
  static let order: [LogField] = [
    .method, .path, .flags, .details, .termination, .authority, .upstreamHost, .cluster,
    .localAddress, .remoteAddress, .sni, .peerSAN, .localSAN, .upstreamPeerSAN,
    .upstreamLocalSAN, .forwardedClientCertificate, .peerPrincipalState, .pod, .podNamespace,
    .sourcePod, .destinationPod, .service,
  ]
  /// Room that the longest shape needs.
  static let capacity = headerCount + (longestField + 2) * LogField.allCases.count + 64

  /// A shape that was written.
  struct Written {
    /// Its bytes.
    var count: Int
    var hash: UInt64
  }

  /// Shapes are chosen in part by callers: a secret seed keeps them from choosing collisions.
  ///
  /// One for all writers, so that what several tables hold has the same hashes.
  private static let secret = UInt64.random(in: .min ... .max)

  private let seed = ShapeWriter.secret
  private let template: UnsafeMutablePointer<UInt8>
  private let paths = PathTemplateWriter()
  private let runs: UnsafeMutablePointer<meshaudit_run>

  init() {
    runs = .allocate(capacity: LogField.allCases.count)
    template = .allocate(capacity: PathTemplateWriter.longest + 64)
    template.initialize(repeating: 0, count: PathTemplateWriter.longest + 64)
  }

  deinit {
    runs.deallocate()
    template.deallocate()
  }

  /// Writes the shape of a record to `bytes`, which has room for `capacity`.
  @inline(__always)
  func write(_ record: borrowing LogRecord, to bytes: UnsafeMutablePointer<UInt8>) -> Written {
    var marks: ShapeMarks = []
    var fields = ShapeFields(runs)

    let method = record[.method]
    if method.isEmpty, record.code == 0, record[.protocolName].isEmpty {
      marks.insert(.isTCP)
      if record.bytesReceived + record.bytesSent > 0 { marks.insert(.hasBytes) }
    }
    fields.put(.method, method, limit: 32)
    let hasOthers = record.hasOthers
    var path = record[.loggedPath]
    if hasOthers, record[.path].count > 0 {
      marks.insert(.isPathTrusted)
      path = record[.path]
    }
    if path.count > 0 {
      fields.put(.path, Bytes(template, paths.write(path, to: template)), limit: 512)
    }
    fields.put(.flags, record[.flags], limit: 32)
    let details = record[.details]
    if details.count > 0 { fields.put(.details, ShapeWriter.shortDetails(details), limit: 512) }
    let termination = record[.termination]
    if termination.count > 0 {
      marks.insert(.hasError)
      if ShapeWriter.isPolicyText(termination) { fields.put(.termination, termination, limit: 512) }
    }
    let sni = record[.sni]
    // What the caller calls the host is needed only where nothing better names it.
    if sni.isEmpty { fields.put(.authority, record[.authority], limit: 256) }
    let cluster = record[.cluster]
    let upstreamHost = record[.upstreamHost]
    if upstreamHost.count > 0 {
      marks.insert(.hasUpstreamHost)
      // Behind an inbound cluster it is the application itself.
      if cluster.isEmpty || cluster[0] != UInt8(ascii: "i") {
        fields.put(.upstreamHost, upstreamHost, limit: 64)
      }
    }
    fields.put(.cluster, cluster, limit: 512)
    fields.put(.localAddress, record[.localAddress], limit: 128)
    var remote = record[.remoteAddress]
    if hasOthers, record[.directRemoteAddress].count > 0 { remote = record[.directRemoteAddress] }
    if remote.count > 0 {
      let colon = ShapeWriter.lastColon(remote)
      if colon == remote.count - 2, remote[remote.count - 1] == UInt8(ascii: "0") {
        marks.insert(.isAddressClaimed)
      }
      fields.put(.remoteAddress, remote.prefix(colon), limit: 64)
    }
    fields.put(.sni, sni, limit: 256)
    if hasOthers { putOthers(record, &fields, &marks) }
    if record.isOutbound { marks.insert(.isOutbound) }

    let head =
      UInt64(UInt32(bitPattern: record.day))
      | UInt64(UInt8(truncatingIfNeeded: record.format)) << 32
      | UInt64(UInt8(truncatingIfNeeded: record.code / 100)) << 40
      | UInt64(marks.rawValue) << 48
    return fields.write(head: head, to: bytes, seed: seed)
  }

  /// Puts the fields that Istio's default formats do not have.
  @inline(never)
  private func putOthers(
    _ record: borrowing LogRecord, _ fields: inout ShapeFields, _ marks: inout ShapeMarks
  ) {
    fields.put(.peerSAN, record[.peerSAN], limit: ShapeWriter.longestField)
    fields.put(.localSAN, record[.localSAN], limit: ShapeWriter.longestField)
    fields.put(.upstreamPeerSAN, record[.upstreamPeerSAN], limit: ShapeWriter.longestField)
    fields.put(.upstreamLocalSAN, record[.upstreamLocalSAN], limit: ShapeWriter.longestField)
    let certificate = record[.forwardedClientCertificate]
    if certificate.count > 0 {
      fields.put(
        .forwardedClientCertificate, ForwardedClientCertificate.lastURI(certificate),
        limit: ShapeWriter.longestField)
    }
    fields.put(.peerPrincipalState, record[.peerPrincipalState], limit: ShapeWriter.longestField)
    if record[.tlsVersion].count > 0 { marks.insert(.hasTLSVersion) }
    if record[.grpcStatus].count > 0 { marks.insert(.hasGRPCStatus) }
    fields.put(.pod, record[.pod], limit: 512)
    fields.put(.podNamespace, record[.podNamespace], limit: 256)
    fields.put(.sourcePod, record[.sourcePod], limit: 512)
    fields.put(.destinationPod, record[.destinationPod], limit: 512)
    fields.put(.service, record[.service], limit: 512)
  }

  /// Details without what follows in braces (`upstream_reset_before_response_started{…}`), whose words
  /// may come from afar; an RBAC denial as a whole, for it names the policy.
  @inline(__always)
  private static func shortDetails(_ details: Bytes) -> Bytes {
    if details.count == 12, details[0] == UInt8(ascii: "v") { return details }
    if details.hasPrefix("rbac_access_denied") { return details }
    return details.prefix(min(details.firstIndex(of: UInt8(ascii: "{")) ?? 64, 64))
  }

  /// Envoy's text of a TCP denial, or ztunnel's.
  private static func isPolicyText(_ text: Bytes) -> Bool {
    text.hasPrefix("rbac_access_denied")
      || text.hasPrefix("connection closed due to policy rejection")
  }

  @inline(__always)
  private static func lastColon(_ address: Bytes) -> Int {
    var index = address.count - 1
    let stop = max(0, address.count - 6)
    while index >= stop {
      if address[index] == UInt8(ascii: ":") { return index }
      index -= 1
    }
    return address.count
  }
}
