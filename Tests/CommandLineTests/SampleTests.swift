import Foundation
import Testing

/// The samples: each planted defect is found, the repaired twin is clean, and the whole result is as it
/// was (`samples/expected/`, beside the samples: inside, the files would be inputs of the audit).
///
/// `UPDATE_GOLDEN=1` writes the expected files anew; the difference is then reviewed like code.
@Suite struct SampleTests {
  /// The tables of `samples/istio-agents/README.md`, row by row: rule and subject as findings name them.
  static let planted: [(row: Int, rule: String, subject: String)] = [
    (1, "LP-001", "workload tools/code-runner port 8080"),
    (2, "LP-002", "mesh istio"),
    (3, "LP-003", "namespace tools"),
    (4, "LP-004", "AuthorizationPolicy data/vector-db-query"),
    (5, "LP-005", "AuthorizationPolicy models/embedding"),
    (6, "LP-006", "AuthorizationPolicy models/model-server"),
    (7, "LP-008", "AuthorizationPolicy agents/planner"),
    (8, "LP-010", "AuthorizationPolicy tools/tool-gateway"),
    (9, "LP-011", "AuthorizationPolicy agents/retriever"),
    (10, "LP-013", "AuthorizationPolicy agents/query-rewriter"),
    (11, "LP-017", "workload data/vector-db"),
    (12, "LP-018", "workload data/etl-writer"),
    (13, "LP-033", "service-account tools/tools-runtime"),
    (14, "LP-034", "workload tenant-sud/claims-assistant"),
    (15, "LP-035", "AuthorizationPolicy tenant-nord/advisor"),
    (16, "LP-050", "edge tools/tool-gateway -> models/model-server-v1"),
    (17, "LP-052", "edge agents/retriever -> agents/planner"),
    (18, "LP-056", "workload data/vector-db-query"),
    (19, "IC-001", "certificate spiffe://mesh.meridian.example/ns/models/sa/embedding"),
    (20, "IC-002", "certificate spiffe://mesh.meridian.example/ns/agents/sa/planner"),
    (21, "IC-003", "certificate CN=istiod issuing CA,O=Meridian"),
    (22, "IC-005", "certificate spiffe://mesh.meridian.example/ns/oversight/sa/audit-console"),
    (23, "IC-011", "certificate spiffe://mesh.meridian.example/ns/tenant-nord/sa/advisor"),
    (24, "IC-019", "workload data/vector-db-query port 8080"),
    (25, "RK-001", "workload models/model-server-v2"),
    (26, "RK-002", "workload tools/browser"),
    (26, "RK-002", "workload tools/code-runner"),
    (27, "RK-004", "workload models/embedding"),
    (27, "RK-004", "workload models/model-server-v1"),
    (28, "AI-003", "ai-system ai-004"),
    (29, "AI-010", "ai-system ai-001"),
    (30, "AI-014", "ai-system ai-001"),
    (31, "AI-018", "ai-system ai-001"),
    (31, "AI-019", "ai-system ai-001"),
    (31, "RK-006", "ai-system ai-001"),
    (32, "AI-023", "ai-system ai-001"),
    (33, "RK-022", "workload models/model-server-v2"),
    (34, "RK-020", "workload agents/planner"),
    (35, "RK-010", "workload tools/browser"),
    (35, "RK-010", "workload tools/code-runner"),
    (36, "RK-021", "workload models/model-server-v2"),
    (36, "RK-021", "workload tools/browser"),
    (36, "RK-021", "workload tools/code-runner"),
    (37, "AI-053", "ai-system ai-001"),
    (38, "AI-043", "ai-system ai-001"),
    (39, "AI-041", "ai-system ai-001"),
    (40, "AI-024", "ai-system ai-001"),
    (41, "AI-048", "ai-system ai-001"),
  ]

  /// What the README says must not be found.
  static let forbidden: [(rule: String, subject: String)] = [
    ("LP-050", "edge tools/tool-gateway -> tools/browser"),
    ("LP-050", "edge agents/llm-orchestrator -> models/model-server-v2"),
    ("LP-050", "edge agents/planner -> models/model-server-v2"),
    ("LP-050", "edge agents/llm-orchestrator -> gateways/egressgateway"),
    ("LP-052", "edge tools/tool-gateway -> tools/code-runner"),
    ("LP-052", "edge tenant-sud/claims-assistant -> agents/llm-orchestrator"),
    ("LP-052", "edge agents/llm-orchestrator -> gateways/egressgateway"),
    ("LP-052", "edge tools/browser -> gateways/egressgateway"),
    ("LP-056", "workload tools/browser"), ("LP-056", "workload tools/code-runner"),
    ("LP-056", "workload gateways/ingressgateway"),
    ("LP-004", "AuthorizationPolicy gateways/ingressgateway"),
    ("IC-019", "workload gateways/ingressgateway port 8443"),
    ("IC-002", "certificate spiffe://mesh.meridian.example/ns/agents/sa/retriever"),
    ("LP-033", "service-account models/model-server"),
  ]

  @Test func plantedDefectsAreFoundAtTheirPlaces() async throws {
    let audit = try await SampleAudit.run("istio-agents")
    #expect([1, 2].contains(audit.result.exitCode))
    let readme = try String(
      contentsOfFile: MeshAuditProgram.checkout + "/samples/istio-agents/README.md",
      encoding: .utf8)
    let table = Self.table(readme)
    #expect(Set(table.keys) == Set(Self.planted.map(\.row)))
    for (row, rule, subject) in Self.planted {
      #expect(table[row]?.rules.contains(rule) == true, "row \(row) of the README is not \(rule)")
      let found = audit.findings.filter {
        $0.rule == rule && $0.subject == subject && $0.isOpen
      }
      #expect(!found.isEmpty, "row \(row): \(rule) \(subject) was not found")
    }
    for (rule, subject) in Self.forbidden {
      #expect(
        !audit.findings.contains { $0.rule == rule && $0.subject == subject && $0.isOpen },
        "\(rule) \(subject) must not be found")
    }
    #expect(!audit.findings.contains { $0.subject.contains("10.20.1.99") && $0.isOpen })
  }

  @Test func repairedTwinIsClean() async throws {
    let audit = try await SampleAudit.run("istio-agents-clean")
    expectExit(0, audit.result)
    let bad = audit.findings.filter {
      $0.isOpen && ["critical", "high", "medium"].contains($0.severity)
    }
    #expect(bad.isEmpty, "\(bad)")
    #expect(!audit.findings.contains { $0.status == "not-assessed" || $0.status == "error" })
    #expect(audit.result.errors.isEmpty)
  }

  @Test func aYearOfCertificatesShowsItsTwoMissedRotations() async throws {
    let audit = try await SampleAudit.run("certificate-year")
    expectExit(1, audit.result)
    let open = audit.findings.filter(\.isOpen).map { "\($0.rule) \($0.subject)" }
    #expect(
      open == [
        "IC-002 certificate spiffe://orchard.example/ns/models/sa/reranker",
        "IC-026 certificate spiffe://orchard.example/ns/agents/sa/planner",
      ])
    #expect(!audit.findings.contains { $0.status == "not-assessed" || $0.status == "error" })
    let readme = try String(
      contentsOfFile: MeshAuditProgram.checkout + "/samples/certificate-year/README.md",
      encoding: .utf8)
    for finding in audit.findings where finding.isOpen {
      #expect(readme.contains("| \(finding.rule) | `\(finding.subject)` |"))
    }
  }

  /// Each figure of the chapter on meshes is what its view counts.
  @Test(arguments: [
    ("workloads", "select layer, count(*), null from workload group by 1"),
    (
      "mutual-tls-ports",
      "select layer, sum(mtls_mode = 'strict'), count(*) from workload_port join workload "
        + "using (workload_id) group by 1"
    ),
    (
      "anonymous-ports",
      "select w.layer, sum(e.decision in ('allow', 'partial')), count(*) from access_edge e join "
        + "workload w on w.workload_id = e.destination_workload_id "
        + "where e.source_kind = 'unauthenticated' group by 1"
    ),
    (
      "refused-requests",
      "select layer, sum(iif(outcome = 'denied', request_count, 0)), sum(request_count) from "
        + "observed_request join workload on destination_workload_id = workload_id where side = "
        + "'server' and evidence <> 'trace' and is_repeated = 0 group by 1"
    ),
    (
      "short-certificates",
      "select layer, sum(lifetime_seconds <= 86400), count(*) from newest_certificate n join "
        + "(select distinct layer, identity from workload) w on w.identity = n.name group by 1"
    ),
  ])
  func meshesAreComparedByWhatTheViewsCount(measure: String, count: String) async throws {
    let scratch = try Scratch()
    _ = try await MeshAuditProgram.run(
      ["audit", MeshAuditProgram.checkout + "/samples/mixed-mesh", "--as-of"]
        + [
          "2026-11-20T06:00:00Z", "--output", "out", "--database", "d.sqlite", "--format", "json",
        ],
      in: scratch.path)
    func rows(_ sql: String) async throws -> String {
      let result = try await MeshAuditProgram.run(
        ["query", "--database", "d.sqlite", sql, "--format", "csv"], in: scratch.path)
      expectExit(0, result)
      return result.output.split(whereSeparator: \.isNewline).dropFirst().joined(separator: "\n")
    }
    let shown = try await rows(
      "select mesh, amount, total from mesh_comparison where measure = '\(measure)' order by 1")
    let counted = try await rows(count + " order by 1")
    #expect(!shown.isEmpty)
    #expect(shown == counted)
  }

  @Test(arguments: [
    "istio-agents", "istio-agents-clean", "linkerd-agents", "linkerd-agents-clean", "mixed-mesh",
    "mixed-mesh-clean", "certificate-year",
  ])
  func resultIsAsExpected(sample: String) async throws {
    let audit = try await SampleAudit.run(sample)
    let folder = MeshAuditProgram.checkout + "/samples/expected/\(sample)"
    for (name, text) in [("findings.txt", audit.listing), ("summary.md", audit.summary)] {
      let path = "\(folder)/\(name)"
      if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
      }
      let expected = try String(contentsOfFile: path, encoding: .utf8).components(
        separatedBy: "\n")
      let found = text.components(separatedBy: "\n")
      let difference = found.difference(from: expected).map { change in
        switch change {
        case .insert(_, let line, _): "+ \(line)"
        case .remove(_, let line, _): "- \(line)"
        }
      }
      #expect(difference.isEmpty, "\(path):\n\(difference.joined(separator: "\n"))")
    }
  }

  /// Row number to rules of the table of planted defects.
  static func table(_ readme: String) -> [Int: (rules: String, place: String)] {
    var rows: [Int: (rules: String, place: String)] = [:]
    for line in readme.components(separatedBy: "\n") {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      if cells.count == 7, let number = Int(cells[1]) { rows[number] = (cells[2], cells[5]) }
    }
    return rows
  }
}

/// One audit of a sample, as its README says to run it.
struct SampleAudit {
  struct Found {
    var rule: String
    var status: String
    var severity: String
    var subject: String
    /// A failure, waived or not.
    var isOpen: Bool { status == "fail" || status == "waived" }
  }

  var result: MeshAuditProgram.Result
  var findings: [Found]
  var summary: String

  static func run(_ sample: String) async throws -> SampleAudit {
    let scratch = try Scratch()
    let configuration = "samples/\(sample)/meshaudit.yaml"
    let inputs =
      FileManager.default.fileExists(atPath: MeshAuditProgram.checkout + "/" + configuration)
      ? ["--config", configuration] : ["samples/\(sample)"]
    let result = try await MeshAuditProgram.run(
      ["audit"] + inputs + [
        "--format", "json", "--format", "markdown", "--output", scratch.path + "/out",
      ] + SmallMesh.asOf, seconds: 120)
    let root =
      try JSONSerialization.jsonObject(with: try scratch.data("out/findings.json"))
      as? [String: Any] ?? [:]
    let findings = (root["findings"] as? [[String: Any]] ?? []).map { item in
      Found(
        rule: item["rule"] as? String ?? "", status: item["status"] as? String ?? "",
        severity: item["severity"] as? String ?? "", subject: item["subject"] as? String ?? "")
    }
    let run = root["run"] as? [String: Any] ?? [:]
    return SampleAudit(
      result: result, findings: findings,
      summary: try scratch.text("out/summary.md")
        .replacingOccurrences(of: run["id"] as? String ?? "-", with: "@@RUN@@")
        .replacingOccurrences(
          of: "meshaudit \(run["toolVersion"] as? String ?? "-")", with: "meshaudit @@VERSION@@"))
  }

  /// One line for each subject with something to say, and one for each rule's other subjects.
  var listing: String {
    var lines: [String] = []
    var counts: [String: Int] = [:]
    for found in findings {
      if found.status == "pass" || found.status == "not-applicable" {
        counts["\(found.rule) \(found.status)", default: 0] += 1
      } else {
        lines.append("\(found.rule) \(found.status) \(found.severity) \(found.subject)")
      }
    }
    lines += counts.map { "\($0.key) (\($0.value) subjects)" }
    return lines.sorted().joined(separator: "\n") + "\n"
  }
}
