import Foundation
import MeshModel
import Testing

@testable import AccessLogReader

/// Generated logs against the exact aggregate that the generator wrote beside them.
@Suite struct GeneratedTruthTests {
  struct Row: Hashable {
    var source: String
    var destination: String
    var method: String
    var path: String
    var responseClass: String
  }

  func truth(hasSource: Bool) throws -> [Row: Int] {
    let text = String(decoding: try logBytes("generated.truth.tsv"), as: UTF8.self)
    var rows: [Row: Int] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "\t").map(String.init)
      let row = Row(
        source: hasSource ? parts[0] : "", destination: parts[1], method: parts[2],
        path: parts[3].replacingOccurrences(of: "{}", with: "{id}"),
        responseClass: parts[4] == "0" ? "none" : "\(parts[4].prefix(1))xx")
      rows[row, default: 0] += Int(parts[5]) ?? 0
    }
    return rows
  }

  func rows(_ result: AccessLogResult, hasSource: Bool) -> [Row: Int] {
    var rows: [Row: Int] = [:]
    for (key, sum) in result.requests {
      let host = (key.destination.host ?? "").split(separator: ".")
      let row = Row(
        source: hasSource ? source(key.source.principal ?? "") : "",
        destination: host.count > 1 ? "\(host[1])/\(host[0])" : "", method: key.method ?? "",
        path: key.pathTemplate ?? "", responseClass: key.responseClass)
      rows[row, default: 0] += sum.count
    }
    return rows
  }

  func source(_ principal: String) -> String {
    if let account = SPIFFEID(principal)?.istioServiceAccount {
      return "\(account.namespace)/\(account.name)"
    }
    let parts = principal.split(separator: ".")
    return parts.count > 1 ? "\(parts[1])/\(parts[0])" : ""
  }

  @Test(arguments: ["istio-text", "istio-json"])
  func defaultFormatsMatchWithoutSources(format: String) throws {
    let result = scan(try logBytes("generated.\(format).log.gz"))
    #expect(result.counts.read == 2000)
    #expect(rows(result, hasSource: false) == (try truth(hasSource: false)))
  }

  @Test func peerIdentitiesMatch() throws {
    var keys = Dictionary(
      uniqueKeysWithValues: JSONKeySets.istio.map { ($0.0, "%UNUSED%") })
    keys["start_time"] = "%START_TIME%"
    keys["method"] = "%REQ(:METHOD)%"
    keys["path"] = "%REQ(:PATH)%"
    keys["response_code"] = "%RESPONSE_CODE%"
    keys["requested_server_name"] = "%REQUESTED_SERVER_NAME%"
    keys["upstream_cluster"] = "%UPSTREAM_CLUSTER%"
    keys["source_principal"] = "%DOWNSTREAM_PEER_URI_SAN%"
    keys["destination_principal"] = "%UNUSED%"
    var options = AccessLogOptions()
    options.formats = [try #require(AccessLogFormat(json: keys))]
    let result = scan(try logBytes("generated.peer-json.log.gz"), options: options)
    #expect(result.counts.readByFormat == ["envoy-custom-json": 2000])
    #expect(rows(result, hasSource: true) == (try truth(hasSource: true)))
  }

  @Test(arguments: ["linkerd-json", "linkerd-text"])
  func linkerdMatches(format: String) throws {
    let result = scan(try logBytes("generated.\(format).log.gz"))
    #expect(result.counts.read == 2000, "\(result.counts)")
    #expect(rows(result, hasSource: true) == (try truth(hasSource: true)))
    #expect(result.requests.keys.allSatisfy { $0.identitySource == .linkerd && $0.isMTLS == true })
  }

  @Test func hostileLinesInACRILogAreNeverMisread() throws {
    let result = scan(try logBytes("generated.odd-cri.log.gz"))
    let honest = scan(try logBytes("generated.istio-text.log.gz"))
    #expect(result.counts.lines == 2000)
    #expect(result.counts.read + result.counts.ambiguous + result.counts.rejected == 2000)
    // Hosts are read from the right: a forged one never appears.
    let hosts = Set(honest.requests.keys.map(\.destination.host))
    #expect(Set(result.requests.keys.map(\.destination.host)).isSubset(of: hosts))
  }

  /// Host, method and response class of every line, against a reader of its own that only splits at
  /// spaces and counts from both ends (spec access-logs 1.4).
  @Test func hostileLinesAreCountedUnderTheirOwnHostMethodAndResponse() throws {
    let text = try logBytes("generated.odd-cri.log.gz")
    var expected: [[String]: Int] = [:]
    for line in text.split(separator: 10) {
      // `TIME stdout F ` stands in front.
      let words = line.split(separator: 32, omittingEmptySubsequences: false).dropFirst(3)
        .map { String(decoding: $0, as: UTF8.self) }
      let code = words[4] == "0" ? "none" : "\(words[4].prefix(1))xx"
      let authority = words[words.count - 8].filter { $0 != "\"" }.lowercased()
      let host = String(authority.prefix { $0 != ":" })
      expected[[host, String(words[1].dropFirst()), code], default: 0] += 1
    }
    let result = scan(text)
    var actual: [[String]: Int] = [:]
    for (key, sum) in result.requests {
      actual[[key.destination.host ?? "", key.method ?? "", key.responseClass], default: 0] +=
        sum.count
    }
    #expect(result.counts.read == 2000)
    #expect(actual == expected)
  }
}
