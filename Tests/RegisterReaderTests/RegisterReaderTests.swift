import AuditModel
import DocumentReader
import MeshModel
import Testing

@testable import RegisterReader

private let digest = String(repeating: "ab", count: 32)

private let whole = """
  register: 1
  organisation: {name: Example Bank AG, publicAuthority: false, financialInstitution: true, country: DE}
  systems:
  - id: ai-017
    tradeName: Credit Scout
    reference: "credit-scout/3.2"
    status: in-service
    roles: [deployer]
    riskClass: high
    classification: {route: annex-iii, point: "5(b)", derogation6_3: null, profiling: true,
                     assessment: {uri: docs/class.pdf, sha256: "\(digest)", date: 2026-09-01}}
    placedOnMarket: 2026-05-01
    lastSignificantDesignChange: 2026-09-15
    intendedPurpose: {text: "...", sha256: "\(digest)"}
    usesPersonalData: true
    biometric1a: false
    workplaceUse: false
    userFacing: false
    owner: {team: credit-risk, contact: credit-risk@example.org}
    oversight:
      persons: [{role: duty-officer, contact: duty@example.org, competence: {uri: hr/ref-88}}]
      principals: ["spiffe://example.org/ns/oversight/sa/console"]
      stop: {workload: agents/credit-planner, endpoint: "POST /admin/stop", maxDaysUntested: 90}
      suspendPolicy: {uri: mesh/break-glass/ai-017.yaml}
    workloads:
    - {cluster: eu-1, namespace: agents, labels: {app.kubernetes.io/part-of: credit-scout}}
    - {spiffe: "spiffe://example.org/ns/agents/sa/credit-*", kind: agent}
    interactions:
    - {peer: "ns/data/sa/feature-store", direction: out, purpose: features, methods: [GET]}
    - {external: api.model-vendor.example, direction: out, purpose: model, supplier: vendor-1}
    suppliers: [{id: vendor-1, provides: [model], agreement: {uri: legal/v1.pdf, date: 2026-03-01}, gpai: true}]
    stores: {training: [], features: ["ns/data/sa/feature-store"], memory: [], writers: ["ns/etl/sa/loader"]}
    logs: {controller: deployer, retentionDays: 400, legalBasis: null, sink: "s3://audit-eu/ai-017",
           schema: {uri: docs/logfields.yaml}, biometricFields: {}}
    docs:
      technicalDocumentation: {uri: null, reason: "provider holds it", retentionYears: 10}
      instructionsForUse: {uri: docs/ifu-3.2.pdf, sha256: "\(digest)", version: "3.2"}
      riskManagement: {uri: docs/rm.pdf}
      fria: {uri: docs/fria.pdf, period: "Mon-Fri", maxRequestsPerDay: 20000}
      workerInformation: null
    registration: {euDatabaseId: null, url: null}
    external: {cyclonedx: "urn:cdx:x/1#model-a", spdx: null, oscalComponent: null}
    incidents:
    - {id: i1, awareAt: 2026-10-01T08:00:00Z, kind: 3-49-c, death: false, evidenceHold: s3://hold, reportRef: null}
    expectedCadence: [{edge: "ns/batch/sa/quarterly -> agents/credit-planner", every: P3M}]
  """

@Suite struct RegisterReaderTests {
  @Test func theWholeFormIsReadWithoutADiagnostic() throws {
    let reading = try Reading(whole)
    #expect(RegisterReader.recognises(reading.node))
    let register = RegisterReader.read(reading.node, into: reading.sink)
    #expect(reading.codes == [])
    #expect(register.organisation["name"]?.stringValue == "Example Bank AG")
    let system = try #require(register.systems.first)
    #expect(system.id == "ai-017")
    #expect(system.tradeName == "Credit Scout")
    #expect(system.reference == "credit-scout/3.2")
    #expect(system.status == .inService)
    #expect(system.roles == [.deployer])
    #expect(system.riskClass == .high)
    #expect(system.classificationRoute == "annex-iii")
    #expect(system.classificationPoint == "5(b)")
    #expect(system.owner == "credit-risk")
    #expect(system.workloads.count == 2)
    #expect(system.workloads[0].labels == ["app.kubernetes.io/part-of": "credit-scout"])
    #expect(system.workloads[0].location.line == 26)
    #expect(system.workloads[1].kind == "agent")
    #expect(system.interactions.map(\.direction) == ["out", "out"])
    #expect(system.interactions[0].methods == ["GET"])
    #expect(system.interactions[1].external == "api.model-vendor.example")
    #expect(system.interactions[1].supplier == "vendor-1")
    #expect(system.logRetentionDays == 400)
    #expect(system.logRetentionLegalBasis == nil)
    #expect(system.logController == "deployer")
    #expect(system.logSink == "s3://audit-eu/ai-017")
    #expect(system.oversightPrincipals == ["spiffe://example.org/ns/oversight/sa/console"])
    #expect(system.oversightPersonCount == 1)
    #expect(
      system.documents.keys.sorted()
        == ["fria", "instructionsForUse", "riskManagement", "technicalDocumentation"])
    let held = try #require(system.documents["technicalDocumentation"])
    #expect(held.uri == nil)
    #expect(held.reason == "provider holds it")
    #expect(held.retentionYears == 10)
    #expect(system.documents["instructionsForUse"]?.sha256 == digest)
    #expect(system.entry["classification"]?["profiling"] == .bool(true))
    #expect(system.entry["incidents"]?.arrayValue?.count == 1)
    #expect(system.location.line == 4)
  }

  /// Each row: a line of a system, the place and code that must be reported, and a piece of the hint.
  static let defects: [(String, String, String)] = [
    ("tradename: x", "5:3 unknown-field", "did you mean \"tradeName\"?"),
    ("colour: red", "5:3 unknown-field", "known fields here"),
    ("riskClass: hihg", "5:14 unknown-value", "\"out-of-scope\""),
    ("roles: [deployer, king]", "5:21 unknown-value", "\"product-manufacturer\""),
    ("roles: [deployer, deployer]", "5:21 duplicate-value", "remove"),
    ("roles: deployer", "5:10 wrong-type", "a list of strings"),
    ("reference: 3.2", "5:14 wrong-type", "quotes"),
    ("placedOnMarket: 2026-02-30", "5:19 invalid-day", "day of the calendar"),
    ("placedOnMarket: 01.02.2026", "5:19 invalid-day", "day of the calendar"),
    ("placedOnMarket: 2026-05-01T00:00:00Z", "5:19 invalid-day", "day of the calendar"),
    ("usesPersonalData: maybe", "5:21 wrong-type", "true or false"),
    ("classification: {route: annex-ii}", "5:27 unknown-value", "\"annex-iii\""),
    ("classification: {rout: annex-i}", "5:20 unknown-field", "did you mean \"route\"?"),
    ("classification: {derogation6_3: e}", "5:35 unknown-value", "\"a\""),
    ("intendedPurpose: {sha256: \"...\"}", "5:29 invalid-digest", "64 hexadecimal"),
    ("docs: {fria: {}}", "5:16 missing-reason", "uri: null"),
    ("docs: {fria: {uri: null}}", "5:16 missing-reason", "uri: null"),
    ("docs: {fria: {uri: null, reason: \"  \"}}", "5:16 missing-reason", "uri: null"),
    ("docs: {fria: {uri: x, date: soon}}", "5:31 invalid-day", "day"),
    ("docs: {dpia: {uri: x, period: Mon}}", "5:25 unknown-field", "known fields"),
    ("docs: {frai: {uri: x}}", "5:10 unknown-field", "did you mean \"fria\"?"),
    (
      "docs: {dpia: {uri: null, reason: r, sha256: \"\(digest)\"}}",
      "5:16 digest-without-document", "address"
    ),
    ("logs: {retentionDays: -1}", "5:25 out-of-range", "0 or more"),
    ("logs: {retentionDays: 400 days}", "5:25 wrong-type", "whole number"),
    ("logs: {controller: nobody}", "5:22 unknown-value", "\"third-party\""),
    ("workloads: [{}]", "5:15 empty-selector", "namespace"),
    ("workloads: [{cluster: eu-1}]", "5:15 empty-selector", "namespace"),
    ("workloads: [{spiffe: \"spiffe://*\"}]", "5:24 invalid-spiffe-id", "at its end"),
    ("workloads: [{spiffe: \"spiffe://a/*/b\"}]", "5:24 invalid-spiffe-id", "at its end"),
    ("workloads: [{spiffe: \"spiffe://a/b/\"}]", "5:24 invalid-spiffe-id", "at its end"),
    ("interactions: [{peer: ns/a/sa/b}]", "5:18 missing-field", "\"in\" or \"out\""),
    ("interactions: [{peer: a/b, direction: in}]", "5:25 invalid-peer", "SPIFFE ID"),
    ("interactions: [{direction: in}]", "5:18 ambiguous-peer", "either"),
    (
      "interactions: [{peer: ns/a/sa/b, external: c, direction: in}]", "5:18 ambiguous-peer",
      "either"
    ),
    ("interactions: [{external: \"https://c/\", direction: out}]", "5:29 unknown-value", "host"),
    (
      "interactions: [{external: c, direction: out, supplier: v}]", "5:58 unknown-supplier",
      "suppliers"
    ),
    (
      "interactions: [{external: c, direction: out, methods: [get]}]", "5:58 unknown-value",
      "capital"
    ),
    (
      "oversight: {principals: [\"cluster.local/ns/a/sa/b\"]}", "5:28 invalid-spiffe-id",
      "spiffe://"
    ),
    ("oversight: {stop: {workload: x}}", "5:32 unknown-value", "<namespace>/<workload>"),
    (
      "oversight: {stop: {workload: a/x, endpoint: /stop}}", "5:47 unknown-value",
      "POST /admin/stop"
    ),
    ("suppliers: [{id: a}, {id: a}]", "5:29 duplicate-id", "unique"),
    ("incidents: [{id: a, awareAt: now, kind: 3-49-a}]", "5:32 wrong-type", "RFC 3339"),
    ("incidents: [{id: a, awareAt: 2026-01-01, kind: 3-49-e}]", "5:50 unknown-value", "3-49-d"),
    ("expectedCadence: [{edge: \"a -> b\", every: P3M}]", "5:28 unknown-value", "<peer>"),
    ("expectedCadence: [{edge: \"ns/a/sa/b -> c/d\", every: 3M}]", "5:55 invalid-duration", "P3M"),
  ]

  @Test(arguments: defects)
  func aDefectIsReportedAtItsPlace(line: String, expected: String, hint: String) throws {
    let reading = try Reading(
      """
      register: 1
      organisation: {name: x}
      systems:
      - {id: a, tradeName: b, status: planned}
      """.replacing(
        "- {id: a, tradeName: b, status: planned}",
        with: "- id: a\n  \(line)\n  tradeName: b\n  status: planned"))
    let register = RegisterReader.read(reading.node, into: reading.sink)
    #expect(reading.codes == [expected])
    #expect(reading.sink.diagnostics.first?.hint?.contains(hint) == true)
    #expect(register.systems.map(\.id) == ["a"])
  }

  @Test func missingFieldsAreReported() throws {
    let reading = try Reading("register: 1\nsystems:\n- owner: {team: x}\n- id: b\n")
    let register = RegisterReader.read(reading.node, into: reading.sink)
    #expect(
      reading.sink.diagnostics.map(\.message) == [
        "organisation is missing", "systems[0].id is missing", "systems[0].tradeName is missing",
        "systems[0].status is missing", "systems[1].tradeName is missing",
        "systems[1].status is missing",
      ])
    #expect(register.systems.map(\.id) == ["b"])
    #expect(register.systems[0].riskClass == .unclassified)
    #expect(register.systems[0].status == .inService)
  }

  @Test func theFirstOfTwoSystemsWithOneIDCounts() throws {
    let reading = try Reading(
      """
      register: 1
      organisation: {name: x}
      systems:
      - {id: a, tradeName: first, status: planned}
      - {id: a, tradeName: second, status: planned}
      """)
    let register = RegisterReader.read(reading.node, into: reading.sink)
    #expect(reading.codes == ["5:8 duplicate-id"])
    #expect(register.systems.map(\.tradeName) == ["first"])
  }

  @Test(arguments: ["-a", "a-", "a b", "a/b", String(repeating: "a", count: 64)])
  func anIDThatIsNoLabelValueIsRefused(id: String) throws {
    let reading = try Reading(
      "register: 1\norganisation: {name: x}\nsystems: [{id: \"\(id)\", tradeName: b, status: planned}]"
    )
    #expect(RegisterReader.read(reading.node, into: reading.sink).systems.isEmpty)
    #expect(reading.codes == ["3:16 invalid-id"])
  }

  @Test func anotherFormatVersionIsReported() throws {
    let reading = try Reading("register: 2\norganisation: {name: x}\nsystems: []")
    _ = RegisterReader.read(reading.node, into: reading.sink)
    #expect(reading.codes == ["1:11 unknown-version"])
  }

  @Test(arguments: [
    "kind: Pod\nregister: 1", "waivers: []", "meshaudit: 1\nregister: r.yaml", "[1]",
  ])
  func otherDocumentsAreNotRegisters(yaml: String) throws {
    #expect(!RegisterReader.recognises(try Reading(yaml).node))
  }

  @Test(arguments: [
    ("P3M", true), ("P1Y2M3W4D", true), ("PT12H", true), ("P1DT1H30M5S", true), ("P", false),
    ("PT", false), ("P1", false), ("P1H", false), ("P1D1M", false), ("3M", false), ("P-1D", false),
    ("P1DT", false), ("P1DT1HT1M", false), ("p3m", false), ("PM", false),
  ])
  func durationsOfISO8601(text: String, isValid: Bool) {
    #expect(ISODuration.isValid(text) == isValid)
  }
}
