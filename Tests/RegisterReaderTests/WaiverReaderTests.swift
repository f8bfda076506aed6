import AuditModel
import MeshModel
import Testing

@testable import RegisterReader

/// The lines of a good waiver, by field.
private let good: [(String, String)] = [
  ("id", "WV-1"), ("rules", "[LP-008]"), ("subject", "workload agents/planner"),
  ("justification", "legacy client"), ("owner", "team-agents"),
  ("approvedBy", "[{name: J. Doe, role: CISO office, at: 2026-10-01}]"),
  ("created", "2026-10-01"), ("expires", "2026-12-31"),
]

/// The good waiver with some fields replaced; an empty value leaves the field out.
private func file(_ changes: (String, String)...) -> String {
  var fields = good
  for (name, value) in changes {
    if let index = fields.firstIndex(where: { $0.0 == name }) {
      fields[index].1 = value
    } else {
      fields.append((name, value))
    }
  }
  let lines = fields.filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1)" }
  return "waivers:\n- " + lines.joined(separator: "\n  ")
}

@Suite struct WaiverReaderTests {
  @Test func theWholeFormIsRead() throws {
    let reading = try Reading(
      """
      version: 1
      waivers:
      - id: WV-2026-012
        rules: [LP-008, IC-001]
        subject: {cluster: eu-1, namespace: agents, kind: AuthorizationPolicy, name: plan*}
        maxMatches: 3
        justification: "Legacy client sends PUT and POST; migration MESH-412."
        compensating: ["rate limit 5 rps", "daily review of RK-016"]
        risk: medium
        ticket: https://tracker.example/MESH-412
        owner: team-agents
        approvedBy: [{name: "J. Doe", role: CISO office, at: 2026-10-01}, {name: B. Roe}]
        created: 2026-10-01
        expires: 2026-12-31
        reviewEvery: P30D
        applies: {gate: true, report: true}
      - {id: W2, rules: [LP-001], fingerprint: "fp1:3f2a", justification: j, owner: o,
         approvedBy: [{name: p}], created: 2026-01-01, expires: 2026-01-01}
      """)
    #expect(WaiverReader.recognises(reading.node))
    let file = WaiverReader.read(reading.node, into: reading.sink)
    #expect(reading.codes == [])
    #expect(file.refused == [])
    #expect(file.waivers.count == 2)
    let waiver = try #require(file.waivers.first)
    #expect(waiver.subject == "AuthorizationPolicy eu-1/agents/plan*")
    #expect(waiver.maxMatches == 3)
    #expect(waiver.rules == ["LP-008", "IC-001"])
    #expect(waiver.compensating.count == 2)
    #expect(waiver.approvals.map(\.name) == ["J. Doe", "B. Roe"])
    #expect(waiver.approvals[0].at == "2026-10-01")
    #expect(waiver.created.text == "2026-10-01T00:00:00Z")
    #expect(waiver.expires.dayText == "2026-12-31")
    #expect(waiver.location.line == 3)
    #expect(file.waivers[1].fingerprint == "fp1:3f2a")
    #expect(file.waivers[1].subject == nil)
  }

  static let defects: [(change: (String, String), code: String)] = [
    (("id", ""), "missing-field"),
    (("rules", ""), "missing-field"),
    (("rules", "[]"), "missing-field"),
    (("rules", "[\"*\"]"), "waiver-not-exact"),
    (("rules", "[LP]"), "waiver-not-exact"),
    (("rules", "[LP-*]"), "waiver-not-exact"),
    (("rules", "[least-privilege]"), "waiver-not-exact"),
    (("rules", "LP-008"), "wrong-type"),
    (("rules", "[RK-012]"), "rule-not-waivable"),
    (("rules", "[LP-001, RK-013]"), "rule-not-waivable"),
    (("rules", "[AI-005]"), "rule-not-waivable"),
    (("rules", "[MA-W01]"), "rule-not-waivable"),
    (("rules", "[MA-001]"), "rule-not-waivable"),
    (("subject", ""), "missing-field"),
    (("subject", "\"*\""), "waiver-not-exact"),
    (("subject", "workload agents/*"), "waiver-not-exact"),
    (("subject", "workload */planner"), "waiver-not-exact"),
    (("subject", "{kind: workload}"), "missing-field"),
    (("subject", "{kind: workload, name: a, nmae: b}"), "unknown-field"),
    (("subject", "{kind: workload, namespace: \"*\", name: a}"), "waiver-not-exact"),
    (("subject", "{kind: workload, name: a, pointer: /spec}"), "waiver-not-exact"),
    (("fingerprint", "fp1:aa"), "ambiguous-subject"),
    (("maxMatches", "0"), "out-of-range"),
    (("justification", ""), "missing-field"),
    (("justification", "\" \""), "missing-field"),
    (("owner", ""), "missing-field"),
    (("approvedBy", ""), "missing-field"),
    (("approvedBy", "[]"), "missing-field"),
    (("approvedBy", "[{role: x}]"), "missing-field"),
    (("approvedBy", "[{name: team-agents}]"), "approver-is-owner"),
    (("approvedBy", "[{name: \" Team-Agents \"}]"), "approver-is-owner"),
    (("approvedBy", "[{name: A}, {name: a}]"), "duplicate-approver"),
    (("approvedBy", "[{name: A, at: later}]"), "invalid-day"),
    (("created", ""), "missing-field"),
    (("expires", ""), "missing-field"),
    (("expires", "never"), "invalid-day"),
    (("expires", "2026-09-30"), "expires-before-created"),
    (("risk", "huge"), "unknown-value"),
    (("reviewEvery", "monthly"), "invalid-duration"),
    (("applies", "{report: false}"), "unknown-value"),
    (("applies", "{gate: false}"), "unknown-value"),
    (("approver", "x"), "unknown-field"),
  ]

  @Test(arguments: defects)
  func aWaiverThatIsNotWhollyRightWaivesNothing(change: (String, String), code: String) throws {
    let reading = try Reading(file(change))
    let file = WaiverReader.read(reading.node, into: reading.sink)
    #expect(file.waivers.isEmpty)
    #expect(reading.sink.diagnostics.map(\.code) == [code])
    #expect(file.refused.map(\.codes) == [[code]])
    #expect(reading.sink.diagnostics.allSatisfy { ($0.location?.line ?? 0) >= 2 && $0.hint != nil })
  }

  @Test func theGoodWaiverIsAccepted() throws {
    let reading = try Reading(file())
    #expect(WaiverReader.read(reading.node, into: reading.sink).waivers.count == 1)
    #expect(reading.codes == [])
  }

  @Test func anOpenEndNeedsACount() throws {
    let reading = try Reading(file(("subject", "workload agents/*"), ("maxMatches", "2")))
    let file = WaiverReader.read(reading.node, into: reading.sink)
    #expect(file.waivers.map(\.subject) == ["workload agents/*"])
    #expect(file.waivers.map(\.maxMatches) == [2])
  }

  @Test func theSecondOfTwoWithOneIDIsRefused() throws {
    let reading = try Reading(file() + "\n" + file().dropFirst("waivers:\n".count))
    let file = WaiverReader.read(reading.node, into: reading.sink)
    #expect(file.waivers.count == 1)
    #expect(file.refused.map(\.codes) == [["duplicate-id"]])
  }

  @Test func theVersionedFormIsReadAlike() throws {
    let list = file().dropFirst("waivers:\n".count)
    let reading = try Reading("waivers: 1\nitems:\n\(list)")
    #expect(WaiverReader.recognises(reading.node))
    #expect(WaiverReader.read(reading.node, into: reading.sink).waivers.count == 1)
    #expect(reading.codes == [])
    let newer = try Reading("waivers: 2\nitems: []")
    _ = WaiverReader.read(newer.node, into: newer.sink)
    #expect(newer.codes == ["1:10 unknown-version"])
    let empty = try Reading("waivers: 1")
    _ = WaiverReader.read(empty.node, into: empty.sink)
    #expect(empty.codes == ["1:1 missing-field"])
  }
}
