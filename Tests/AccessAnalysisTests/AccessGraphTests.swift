import AuditModel
import MeshModel
import Testing

@testable import AccessAnalysis

@Suite struct AccessGraphTests {
  /// Callers that are decided together come out as they do one by one.
  @Test func everyPairIsAsItIsDecidedAlone() {
    for seed in 0..<120 {
      var random = RandomPlatform(seed: seed)
      let model = RandomPlatform.model(random.policies())
      let graph = model.accessGraph()
      var pairs = 0
      for edge in graph.edges {
        for source in graph.sourceClasses[edge.sourceClass] {
          for destination in graph.destinationClasses[edge.destinationClass] {
            let ip = source.kind == .outside ? AccessModel.outsideAddress : nil
            let alone = model.reach(
              from: PeerProfile(principal: source.principal, workload: source.workload, ip: ip),
              to: destination.workload, port: destination.port)
            #expect(alone == edge.reach, "seed \(seed): \(source) \(destination)")
            pairs += 1
          }
        }
      }
      #expect(graph.outcomeCounts.values.reduce(0, +) == pairs)
    }
  }
}
