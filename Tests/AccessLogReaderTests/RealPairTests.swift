import Foundation
import MeshModel
import Testing

@testable import AccessLogReader

/// The logs of two real Envoys, one behind the other: what pairs say against the certificates that the
/// called's proxy saw.
@Suite struct RealPairTests {
  /// The callers' workloads of each line of the client's log: the rig names the identity that is used in the
  /// cluster's host (`retriever.agents.svc.cluster.local/planner`).
  private func callers() throws -> [(line: [UInt8], name: String?)] {
    try logBytes("client.istio.json.log.gz").split(separator: 10).map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
      let cluster = object?["upstream_cluster"] as? String
      let name = cluster?.split(separator: "/").dropFirst().first.map(String.init)
      return (Array(line) + [10], name)
    }
  }

  @Test(arguments: ["server.istio.json.log.gz", "server.istio.text.log.gz"])
  func noPairNamesAnotherCallerThanTheCertificate(name: String) throws {
    let server = try logBytes(name).split(separator: 10).map { Array($0) + [10] }
    let peers = try logBytes("server.custom.json.log.gz").split(separator: 10).map { line in
      (try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])?["source_principal"]
        as? String
    }
    #expect(server.count == peers.count)
    // One result for each caller's log, and one for each of the called's lines.
    let grouped = Dictionary(grouping: try callers(), by: \.name)
    var results: [AccessLogResult] = []
    for (name, lines) in grouped.sorted(by: { $0.key ?? "" < $1.key ?? "" }) {
      let owner = name.map { WorkloadID(namespace: "agents", name: $0) }
      results.append(scan(lines.flatMap(\.line), owner: owner))
    }
    let callerCount = results.count
    results += server.map { scan($0) }
    let coverage = PairTests.join(&results)
    var joined = 0
    for (result, peer) in zip(results[callerCount...], peers) {
      for key in result.requests.keys where key.identitySource == .requestPair {
        joined += 1
        guard let peer else { continue }
        let account = try #require(SPIFFEID(peer)?.istioServiceAccount)
        #expect(account.name == key.source.workload?.name)
      }
    }
    #expect(joined == coverage.joinedCount)
    // 2,018 requests have one line of each side; the client's proxy says of some that something failed.
    #expect(coverage.joinedCount == 1987)
    #expect(coverage.contradictedCount == 0)
    #expect(coverage.notKeptCount == 0)
  }
}
