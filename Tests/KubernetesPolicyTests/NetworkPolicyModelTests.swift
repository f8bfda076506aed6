import MeshModel
import Testing

@testable import KubernetesPolicy

@Suite struct NetworkPolicyModelTests {
  @Test func decidesEveryVectorAsTheReferenceDoes() throws {
    var wrong: [String] = []
    var count = 0
    for vectors in try NetworkPolicyVectors.load("networkpolicy-decisions") {
      let model = NetworkPolicyModel(inventory: vectors.inventory)
      for request in vectors.requests {
        count += 1
        let record = model.decision(for: request.access)
        if record.decision.rawValue != request.expect {
          wrong.append(
            "\(vectors.name) \(request.id): \(record.decision), expected \(request.expect): "
              + (record.reason ?? ""))
        }
      }
    }
    #expect(count == 2_000)
    #expect(wrong.isEmpty, "\(wrong.count) wrong: \(wrong.prefix(10))")
  }
}
