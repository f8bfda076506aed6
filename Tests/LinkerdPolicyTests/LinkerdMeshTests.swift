import MeshModel
import Testing

@testable import LinkerdPolicy

@Suite struct LinkerdMeshTests {
  @Test func decidesEveryVectorAsTheReferenceDoes() throws {
    var wrong: [String] = []
    var count = 0
    for vectors in try LinkerdVectors.load("linkerd-decisions") {
      let mesh = LinkerdMesh(inventory: vectors.inventory)
      for request in vectors.requests {
        count += 1
        let record = mesh.decision(for: request.access)
        if record.decision.rawValue != request.expect
          || (request.expectReason != nil && record.reason != request.expectReason)
        {
          wrong.append(
            "\(vectors.name) \(request.id): \(record.decision) \(record.reason ?? "") "
              + "(\(record.decidedBy ?? "")), expected \(request.expect) \(request.expectReason ?? "")")
        }
      }
    }
    #expect(count == 2_400)
    #expect(wrong.isEmpty, "\(wrong.count) wrong: \(wrong.prefix(20).joined(separator: "\n"))")
  }
}
