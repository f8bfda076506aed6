import IstioPolicy
import MeshModel
import Testing

/// Every decision of the shared vectors, with what decided it.
@Suite struct DecisionVectorTests {
  @Test(arguments: [
    ("istio-decisions", 3_000), ("istio-ambient-decisions", 1_200), ("istio-mtls-decisions", 720),
  ])
  func everyVectorIsDecidedRightly(set: String, count: Int) throws {
    var checked = 0
    var wrong: [String] = []
    for line in try TestMesh.data("\(set)/cases.jsonl").split(separator: "\n") {
      let item = try #require(TestMesh.json(String(line)).first)
      let texts = (item["files"]?.arrayValue ?? []).compactMap { $0["text"]?.stringValue }
      let mesh = IstioMesh(inventory: TestMesh.inventory(of: texts))
      for value in item["requests"]?.arrayValue ?? [] {
        checked += 1
        let request = TestMesh.request(value)
        let record = mesh.decision(for: request)
        var isRight = record.decision.rawValue == value["expect"]?.stringValue
        if let policy = value["expectPolicy"]?.stringValue {
          isRight = isRight && record.decidedBy == policy
        } else if set == "istio-decisions" {
          isRight = isRight && record.decidedBy == nil
        }
        let traced = mesh.decision(for: request, isTraced: true)
        isRight =
          isRight && traced.decision == record.decision
          && traced.decidedBy == record.decidedBy && !traced.trace.isEmpty
        if !isRight {
          wrong.append(
            "\(set) \(request.id): expected \(value["expect"]?.stringValue ?? "") "
              + "\(value["expectPolicy"]?.stringValue ?? "-"), got \(record.decision) "
              + "\(record.decidedBy ?? "-") \(record.reason ?? "")")
        }
      }
    }
    #expect(checked == count)
    #expect(wrong.isEmpty, "\(wrong.count) wrong: \(wrong.prefix(8).joined(separator: "\n"))")
  }
}
