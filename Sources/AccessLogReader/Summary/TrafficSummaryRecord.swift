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
  var first: String?
  var last: String?
  var bytesReceived: Int64?
  var bytesSent: Int64?
  var latency: [String: Int]?
  var restFirst: String?
  var restLast: String?
  var halves: String?
  var coverage: String?
  var lines: Int?
  var hours: [String: Int]?
  var pathDepth: Int?

  /// Reads `namespace/name` and `cluster/namespace/name`.
  static func workload(_ text: String) -> WorkloadID? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    switch parts.count {
    case 2: return WorkloadID(namespace: parts[0], name: parts[1])
    case 3: return WorkloadID(cluster: parts[0], namespace: parts[1], name: parts[2])
    default: return nil
    }
  }
}
