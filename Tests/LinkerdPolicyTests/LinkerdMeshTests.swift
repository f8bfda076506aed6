import MeshModel
import Testing

@testable import LinkerdPolicy

@Suite struct LinkerdMeshTests {
  /// Two requests of case 098 ask for a port that two Servers without creation time select; the
  /// reference takes them in document order.
  @Test(arguments: [true, false])
  func decidesEveryVectorAsTheReferenceDoes(takesDocumentOrderAsAge: Bool) throws {
    var wrong: [String] = []
    var count = 0
    let options = LinkerdOptions(takesDocumentOrderAsAge: takesDocumentOrderAsAge)
    let undecided: Set<String> = takesDocumentOrderAsAge ? [] : ["98-7", "98-9"]
    for vectors in try LinkerdVectors.load("linkerd-decisions") {
      let mesh = LinkerdMesh(inventory: vectors.inventory, options: options)
      for request in vectors.requests {
        count += 1
        let record = mesh.decision(for: request.access)
        if undecided.contains(request.id) {
          #expect(record.decision == .unknown)
          continue
        }
        if record.decision.rawValue != request.expect
          || (request.expectReason != nil && record.reason != request.expectReason)
        {
          wrong.append(
            "\(vectors.name) \(request.id): \(record.decision) \(record.reason ?? "") "
              + "(\(record.decidedBy ?? "")), expected \(request.expect) \(request.expectReason ?? "")"
          )
        }
      }
    }
    #expect(count == 2_400)
    #expect(wrong.isEmpty, "\(wrong.count) wrong: \(wrong.prefix(20).joined(separator: "\n"))")
  }
}
