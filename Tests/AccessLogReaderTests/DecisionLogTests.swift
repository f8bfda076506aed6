import MeshModel
import Testing

@testable import AccessLogReader

@Suite struct DecisionLogTests {
  static func line(
    _ id: Int, result: String = "true", path: String = "/v1/runs/4711?token=geheim",
    extra: String = ""
  ) -> String {
    """
    {"labels":{"id":"opa-1"},"decision_id":"d\(id)","bundles":{"authz":{"revision":"r7"}},\
    "path":"envoy/authz/allow","input":{"attributes":{"source":{"principal":\
    "spiffe://mesh.example/ns/agents/sa/planner","address":{"socketAddress":{"address":"10.1.2.3"}}},\
    "destination":{"principal":"spiffe://mesh.example/ns/tools/sa/runner","address":{"socketAddress":\
    {"address":"10.1.9.9","portValue":8080}}},"request":{"http":{"method":"POST","path":"\(path)",\
    "headers":{"authorization":"Bearer geheim"}}}},"parsed_path":["v1","runs"]},\
    "result":\(result),"timestamp":"2026-11-18T08:00:0\(id)Z"\(extra)}
    """
  }

  static func read(_ text: String) -> DecisionLog { DecisionLogReader.read(Array(text.utf8)) }

  @Test func linesAreAddedUpByDayAndOutcome() throws {
    let log = Self.read(
      [Self.line(1), Self.line(2), Self.line(3, result: "false")].joined(separator: "\n") + "\n")
    #expect(log.recordCount == 3)
    #expect(log.rejectedCount == 0)
    let allowed = try #require(log.decisions.first { $0.key.outcome == .allow })
    #expect(allowed.count == 2)
    #expect(allowed.key.source == "spiffe://mesh.example/ns/agents/sa/planner")
    #expect(allowed.key.destinationAddress == "10.1.9.9")
    #expect(allowed.key.port == 8080)
    #expect(allowed.key.method == "POST")
    #expect(allowed.key.pathTemplate == "/v1/runs/{id}")
    #expect(allowed.key.policy == "envoy/authz/allow")
    #expect(allowed.key.revision == "authz=r7")
    #expect(allowed.firstSeen.text == "2026-11-18T08:00:01Z")
    #expect(log.decisions.contains { $0.key.outcome == .deny && $0.count == 1 })
    #expect(!"\(log)".contains("geheim"))
  }

  @Test(arguments: [
    ("true", "", ExternalDecision.Outcome.allow),
    ("{\"allowed\":true,\"headers\":{\"x\":\"y\"}}", "", .allow),
    ("{\"allowed\":false}", "", .deny), ("\"true\"", "", .allow), ("{}", "", .undefined),
    ("null", "", .undefined), ("true", ",\"error\":{\"code\":\"internal_error\"}", .error),
  ])
  func resultsHaveSeveralForms(result: String, extra: String, outcome: ExternalDecision.Outcome) {
    let log = Self.read(Self.line(1, result: result, extra: extra))
    #expect(log.decisions.map(\.key.outcome) == [outcome])
  }

  @Test func arraysAreReadWhereverLinesBreak() {
    let pretty = "[\n" + Self.line(1).replacing(",\"", with: ",\n  \"") + ",\n" + Self.line(2) + "]"
    #expect(Self.read(pretty).recordCount == 2)
    #expect(Self.read("[" + Self.line(1) + "," + Self.line(2).dropLast(3)).rejectedCount == 1)
  }

  @Test func whatIsNoDecisionIsRejected() {
    let text = [
      Self.line(1), "{\"level\":\"info\",\"msg\":\"Server started\"}", "{broken", "",
      "{\"decision_id\":\"x\",\"result\":true}",
    ].joined(separator: "\n")
    let log = Self.read(text)
    #expect(log.recordCount == 1)
    #expect(log.rejectedCount == 3)
  }

  @Test func recognisedByItsContent() {
    #expect(DecisionLogReader.recognises(Array(Self.line(1).utf8)))
    #expect(DecisionLogReader.recognises(Array(("[\n" + Self.line(1)).utf8)))
    #expect(!DecisionLogReader.recognises(Array("{\"kind\":\"List\"}".utf8)))
    #expect(!DecisionLogReader.recognises(Array("decision_id: x\ninput: y\nresult: z".utf8)))
    #expect(!DecisionLogReader.recognises([]))
  }

  @Test func destinationsAreResolvedByAddressOrIdentity() {
    var directory = TrafficDirectory()
    let runner = WorkloadID(namespace: "tools", name: "runner")
    directory.workloadsByPrincipal["spiffe://mesh.example/ns/tools/sa/runner"] = [
      runner, WorkloadID(namespace: "tools", name: "twin"),
    ]
    let log = Self.read(Self.line(1))
    let unknown = ExternalDecision.merged(log.decisions, directory: directory)
    #expect(unknown.map(\.key.destinationWorkload) == [nil])
    directory.workloadsByAddress["10.1.9.9"] = runner
    let known = ExternalDecision.merged(log.decisions, directory: directory)
    #expect(known.map(\.key.destinationWorkload) == [runner])
    #expect(known.map(\.key.destinationAddress) == [nil])
  }
}
