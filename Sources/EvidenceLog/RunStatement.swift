package import AuditModel
import MeshModel

/// What a run attests: an in-toto Statement v1 over its outputs
/// (in-toto Attestation Framework, spec/v1/statement.md).
package struct RunStatement: Sendable {
  package static let statementType = "https://in-toto.io/Statement/v1"
  package static let predicateType = "https://meshaudit.dev/attestation/audit-run/v1"

  /// An output file with its digest.
  package struct Subject: Sendable, Hashable {
    package var name: String
    /// 64 hexadecimal digits.
    package var sha256: String

    package init(name: String, sha256: String) {
      self.name = name
      self.sha256 = sha256
    }
  }

  /// The run before this one in the same chain.
  package struct Previous: Sendable, Hashable {
    package var runID: String
    package var sequence: Int
    /// SHA-256 of the payload bytes of its envelope.
    package var payloadSHA256: String

    package init(runID: String, sequence: Int, payloadSHA256: String) {
      self.runID = runID
      self.sequence = sequence
      self.payloadSHA256 = payloadSHA256
    }
  }

  /// What the statement says of the findings: the root of a tree over all of them.
  package struct FindingsRoot: Sendable {
    fileprivate let root: [UInt8]
    fileprivate let count: Int

    package init(of findings: [Finding]) {
      root = MerkleTree.root(of: FindingLine.leaves(of: findings))
      count = findings.count
    }
  }

  private let report: AuditReport
  private let findings: FindingsRoot
  private let verdict: Verdict
  private let subjects: [Subject]
  private let previous: Previous?
  private let toolSHA256: String?
  private let ruleCoverage: Double

  /// - Parameters:
  ///   - findings: the root over the findings of `report`, when it was made already.
  ///   - verdict: what the run came to, with the gate and minimum coverage that it ran with.
  ///   - subjects: every output that the statement covers, the statement itself excepted.
  ///   - previous: nil for the first run of a chain.
  ///   - toolSHA256: digest of the executable, when it can be read.
  package init(
    report: AuditReport, findings: FindingsRoot? = nil, verdict: Verdict, subjects: [Subject],
    previous: Previous?,
    toolSHA256: String? = nil
  ) {
    self.report = report
    self.findings = findings ?? FindingsRoot(of: report.findings)
    self.verdict = verdict
    self.subjects = subjects.sorted { $0.name < $1.name }
    self.previous = previous
    self.toolSHA256 = toolSHA256
    ruleCoverage = report.ruleCoverage
  }

  /// The statement as bytes: made once, signed and stored as they are, and never made again from
  /// what was read back.
  ///
  /// Members are sorted by name.
  package var payload: [UInt8] {
    let statement: JSONValue = .object([
      .init("_type", .string(RunStatement.statementType)),
      .init("subject", .array(subjects.map { resource(name: $0.name, sha256: $0.sha256) })),
      .init("predicateType", .string(RunStatement.predicateType)),
      .init("predicate", predicate),
    ])
    return Array(statement.canonicalText.utf8)
  }

  private var predicate: JSONValue {
    var members: [JSONValue.Member] = [
      .init("tool", tool), .init("run", run), .init("inputs", .array(report.inputs.map(input))),
      .init("rulePacks", rulePacks), .init("waivers", waivers), .init("result", result),
      .init("findingsRoot", findingsRoot),
    ]
    if let previous {
      members.append(
        .init(
          "previous",
          .object([
            .init("runId", .string(previous.runID)),
            .init("sequence", .int(Int64(previous.sequence))),
            .init("digest", digest(previous.payloadSHA256)),
          ])))
    }
    return .object(members)
  }

  private var tool: JSONValue {
    var members: [JSONValue.Member] = [
      .init("name", "meshaudit"), .init("version", .string(report.run.toolVersion)),
    ]
    if let toolSHA256 { members.append(.init("digest", digest(toolSHA256))) }
    return .object(members)
  }

  private var run: JSONValue {
    .object([
      .init("id", .string(report.run.id)), .init("sequence", .int(Int64(report.run.sequence))),
      .init("cluster", .string(report.run.cluster)),
      .init("startedOn", .string(report.run.startedAt.text)),
      .init("finishedOn", .string(report.run.finishedAt.text)),
      .init("asOf", .string(report.run.asOf.text)),
      .init("argv", .array(report.run.arguments.map { .string($0) })),
      .init("exitCode", .int(Int64(verdict.exitCode))),
    ])
  }

  private var rulePacks: JSONValue {
    let packs = Dictionary(grouping: report.rules, by: \.pack).sorted { $0.key < $1.key }
    return .object([
      .init("digest", digest(report.run.rulesDigest)),
      .init(
        "packs",
        .array(
          packs.map { pack, rules in
            .object([
              .init("name", .string(pack)), .init("ruleCount", .int(Int64(rules.count))),
            ])
          })),
    ])
  }

  private var waivers: JSONValue {
    let files = report.inputs.filter { $0.kind == "waivers" && !$0.sha256.isEmpty }
    return .object([
      .init("active", .int(Int64(report.waivers.count))),
      .init("files", .array(files.map { resource(name: $0.path, sha256: $0.sha256) })),
    ])
  }

  private var result: JSONValue {
    let outcome =
      switch verdict.outcome {
      case .clean: "PASSED"
      case .findings: "FAILED"
      case .incomplete: "INCOMPLETE"
      }
    let fails = report.failCounts
    let statuses = report.statusCounts
    return .object([
      .init("outcome", .string(outcome)),
      .init("gate", .string(report.run.failOn?.rawValue ?? "none")),
      .init(
        "counts",
        .object(Severity.allCases.map { .init($0.rawValue, .int(Int64(fails[$0] ?? 0))) })),
      .init(
        "statuses",
        .object(
          FindingStatus.allCases.map { .init($0.rawValue, .int(Int64(statuses[$0] ?? 0))) })),
      .init("notEvaluated", .int(Int64(statuses[.notAssessed] ?? 0))),
      .init("coverage", .double(ruleCoverage)),
      .init("gaps", .array(verdict.gaps.map { .string($0) })),
    ])
  }

  private var findingsRoot: JSONValue {
    .object([
      .init("alg", .string(MerkleTree.algorithm)),
      .init("root", .string(hexText(findings.root))),
      .init("leaves", .int(Int64(findings.count))),
    ])
  }

  /// Every input with what became of it, those that could not be read included: what was left out
  /// of an audit is part of what it attests.
  private func input(_ record: InputRecord) -> JSONValue {
    var members: [JSONValue.Member] = [.init("name", .string(record.path))]
    if !record.sha256.isEmpty {
      members.append(.init("digest", digest(record.sha256)))
    } else if !record.blake3.isEmpty {
      members.append(.init("digest", .object([.init("blake3", .string(record.blake3))])))
    }
    members.append(
      .init(
        "annotations",
        .object([
          .init("kind", .string(record.kind)), .init("status", .string(record.status.rawValue)),
          .init("bytes", .int(Int64(record.byteCount))),
          .init("records", .int(Int64(record.recordCount))),
          .init("rejected", .int(Int64(record.rejectedCount))),
        ])))
    return .object(members)
  }

  private func resource(name: String, sha256: String) -> JSONValue {
    .object([.init("name", .string(name)), .init("digest", digest(sha256))])
  }

  private func digest(_ sha256: String) -> JSONValue { .object([.init("sha256", .string(sha256))]) }
}
