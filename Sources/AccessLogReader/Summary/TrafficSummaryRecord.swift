import MeshModel

/// A line of a traffic summary as it is written; what it means is checked by `TrafficSummaryReader`.
struct TrafficSummaryHeader: Decodable {
  struct Lines: Decodable {
    var total: Int
    var read: Int
    var ambiguous: Int?
    var rejected: Int?
    var tooLong: Int?
    var other: Int?
    var unterminated: Int?
  }

  struct Unknown: Decodable {
    var claimedAddresses: Int?
    var sources: Int?
    var destinations: Int?
  }

  struct Limits: Decodable {
    var paths: Int?
    var hosts: Int?
  }

  struct Pairs: Decodable {
    var limit: Int
    var level: Int
    var serverLines: Int
    var clientLines: Int
    var ambiguous: String?
  }

  struct Content: Decodable {
    var blake3: String
    var byteCount: Int
  }

  var schema: String
  var tool: String
  var records: Int
  var first: String?
  var last: String?
  var lines: Lines
  var unknown: Unknown?
  var bytes: Int?
  var formats: [String: Int]?
  var limits: Limits?
  var hasTooManyHosts: Bool?
  var pairs: Pairs?
  var failedInputs: Int?
  var isIdentified: Bool?
  var contents: [Content]?
}

/// Any line after the header: a request, the coverage of a workload, or how far paths were cut.
struct TrafficSummaryRecord: Decodable {
  /// A time; nil when the text is none.
  struct Moment: Decodable {
    var time: UTCTime?

    init(_ time: UTCTime?) { self.time = time }

    init(from decoder: any Decoder) throws {
      time = UTCTime(try decoder.singleValueContainer().decode(String.self))
    }
  }

  /// Counts by the smallest milliseconds of a bucket, nil where a name is no number.
  struct Latency: Decodable {
    var counts: [(lower: Int?, count: Int)]

    init(_ counts: [(lower: Int?, count: Int)]) { self.counts = counts }

    init(from decoder: any Decoder) throws {
      let counts = try decoder.singleValueContainer().decode([String: Int].self)
      self.counts = counts.map { (Int($0.key), $0.value) }
    }
  }

  struct Party: Decodable {
    var principal: String?
    var workload: String?
    var host: String?

    var party: ObservedParty? {
      var party = ObservedParty(principal: principal, host: host)
      if let workload {
        guard let id = TrafficSummaryRecord.workload(workload) else { return nil }
        party.workload = id
      }
      return party
    }
  }

  var day: String?
  var side: String?
  var source: Party?
  var destination: Party?
  var port: Int?
  var `protocol`: String?
  var method: String?
  var path: String?
  var response: String?
  var outcome: String?
  var deniedBy: String?
  var identitySource: String?
  var isPathTrusted: Bool?
  var isMTLS: Bool?
  var format: String?
  var count: Int?
  var first: Moment?
  var last: Moment?
  var bytesReceived: Int64?
  var bytesSent: Int64?
  var latency: Latency?
  var restFirst: Moment?
  var restLast: Moment?
  var halves: String?
  var coverage: String?
  var lines: Int?
  var hours: [String: Int]?
  var pathDepth: Int?

  /// Reads `namespace/name` and `cluster/namespace/name`.
  static func workload(_ text: String) -> WorkloadID? {
    let slash = UInt8(ascii: "/")
    guard let first = text.utf8.firstIndex(of: slash) else { return nil }
    let start = String(text[..<first])
    let rest = text[text.utf8.index(after: first)...]
    guard let second = rest.utf8.firstIndex(of: slash) else {
      return WorkloadID(namespace: start, name: String(rest))
    }
    let name = rest[rest.utf8.index(after: second)...]
    guard !name.utf8.contains(slash) else { return nil }
    return WorkloadID(cluster: start, namespace: String(rest[..<second]), name: String(name))
  }
}
