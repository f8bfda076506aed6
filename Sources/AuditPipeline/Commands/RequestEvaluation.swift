import AccessAnalysis
import AuditModel
import DocumentReader
package import MeshModel
import Reporting

/// `meshaudit evaluate`.
package struct RequestEvaluation {
  private let paths: [String]
  private let requests: String
  private let options: AccessOptions
  private let isTraced: Bool

  package init(
    paths: [String], requests: String, istioVersion: String?, linkerdVersion: String?,
    isTraced: Bool
  ) {
    self.paths = paths
    self.requests = requests
    // Requests are tests of the given manifests: what these lack is not there.
    options = AccessOptions(
      istioVersion: istioVersion, linkerdVersion: linkerdVersion,
      takesAbsentNamespacesAsPlain: true)
    self.isTraced = isTraced
  }

  package func run() async throws(PipelineError) -> EvaluationResult {
    guard !(paths.contains("-") && requests == "-") else {
      throw PipelineError(.usage, "standard input can be the manifests or the requests, not both")
    }
    let sink = DiagnosticSink()
    let cases = try readCases(into: sink)
    // A requests file that lies among the manifests is not one of them.
    let inputs = try await ManifestInputs(paths: paths, options: options)
    let errors = inputs.errors.filter { $0.location?.path != requests }
    let answers = cases.map { item in
      EvaluationResult.Answer(
        item: item, record: inputs.access.decision(for: item.request, isTraced: isTraced))
    }
    return EvaluationResult(answers: answers, diagnostics: errors + sink.diagnostics)
  }

  private func readCases(into sink: DiagnosticSink) throws(PipelineError) -> [RequestCase] {
    let standardInput = requests == "-" ? try StandardInput() : nil
    defer { withExtendedLifetime(standardInput) {} }
    let file: WholeFile
    do throws(SourceFile.Failure) {
      file = try WholeFile.read(standardInput?.path ?? requests)
    } catch {
      sink.report(
        .error, "unreadable-input", "\"\(requests)\" was not read: \(error.reason)",
        at: SourceLocation(path: requests))
      return []
    }
    guard let bytes = file.bytes, file.inflatingProblem == nil else {
      let reason = file.inflatingProblem ?? "it is too large"
      sink.report(
        .error, "unreadable-input", "\"\(requests)\" was not read: \(reason)",
        at: SourceLocation(path: requests))
      return []
    }
    let text = String(decoding: bytes, as: UTF8.self)
    let first = text.unicodeScalars.first { !" \t\r\n\u{FEFF}".unicodeScalars.contains($0) }
    let documents =
      first == "{" || first == "["
      ? JSONDocuments.read(text, path: requests, into: sink)
      : YAMLDocuments.read(text, path: requests, into: sink)
    let cases = RequestReader(sink: sink).read(documents)
    if cases.isEmpty, sink.diagnostics.isEmpty {
      // Nothing asked is nothing tested.
      sink.report(
        .error, "no-requests", "\"\(requests)\" holds no requests",
        at: SourceLocation(path: requests),
        hint: "write one JSON object a line, or a YAML list; see docs/policy-tests.md")
    }
    return cases
  }
}

/// Decisions on requests, compared with what was expected of them.
package struct EvaluationResult: Sendable {
  struct Answer: Sendable {
    var item: RequestCase
    var record: DecisionRecord

    /// What differs from the expectation, or nil.
    var mismatch: String? {
      let expected = item.expectation
      var parts: [String] = []
      if let decision = expected.decision, decision != record.decision {
        parts.append("expected \(decision.rawValue), decided \(record.decision.rawValue)")
      }
      if let policy = expected.policy, policy != record.decidedBy {
        parts.append(
          "expected policy \(policy ?? "none"), decided by \(record.decidedBy ?? "none")")
      }
      if let reason = expected.reason, record.decision != .allow, reason != record.reason,
        ["no-route", "no-grant", "plaintext"].contains(record.reason ?? "")
      {
        parts.append("expected reason \(reason), found \(record.reason ?? "none")")
      }
      return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }
  }

  let answers: [Answer]
  package let diagnostics: [Diagnostic]

  /// One sentence each, with the request's place.
  package var mismatches: [String] {
    answers.compactMap { answer in
      answer.mismatch.map {
        "\(answer.item.location): error: request \"\(answer.item.request.id)\": \($0)"
      }
    }
  }

  /// Input problems win: a test that could not be read is not a test that passed.
  package var exitCode: Int32 { !diagnostics.isEmpty ? 2 : mismatches.isEmpty ? 0 : 1 }

  /// One JSON object a line, in the order of the requests.
  package var jsonLines: String {
    var text = ""
    for answer in answers {
      json(answer).write(to: &text)
      text += "\n"
    }
    return text
  }

  package var table: String {
    TextTable(
      columns: ["id", "decision", "decided by", "expected", "reason"],
      rows: answers.map { answer in
        let record = answer.record
        let expected =
          answer.item.expectation.isEmpty
          ? "" : answer.mismatch.map { _ in "MISMATCH" } ?? "as expected"
        return [
          .string(answer.item.request.id), .string(record.decision.rawValue),
          .string(record.decidedBy ?? ""), .string(expected), .string(record.reason ?? ""),
        ]
      }
    ).text(width: nil)
  }

  /// A policy test suite: one test case for each request.
  package func junit() throws(PipelineError) -> [UInt8] {
    let cases = answers.map { answer in
      JUnitSuite.Case(
        name: answer.item.request.id, className: "meshaudit.policy",
        file: answer.item.location.path, line: answer.item.location.line,
        outcome: answer.mismatch.map { .failure(type: "mismatch", message: $0) }
          ?? (answer.item.expectation.isEmpty
            ? .skipped(message: "no expectation; decided \(answer.record.decision.rawValue)")
            : .passed))
    }
    let broken = diagnostics.map { diagnostic in
      JUnitSuite.Case(
        name: "input \(diagnostic.location?.description ?? diagnostic.code)",
        className: "meshaudit.policy", file: diagnostic.location?.path,
        line: diagnostic.location?.line,
        outcome: .error(type: diagnostic.code, message: diagnostic.message))
    }
    do throws(ReportingError) {
      return try JUnitSuite(name: "meshaudit policy tests", cases: broken + cases).rendered()
    } catch {
      throw PipelineError(error)
    }
  }

  private func json(_ answer: Answer) -> JSONValue {
    let record = answer.record
    var members: [JSONValue.Member] = [
      .init("id", .string(answer.item.request.id)),
      .init("decision", .string(record.decision.rawValue)),
      .init("decidedBy", record.decidedBy.map(JSONValue.string) ?? .null),
      .init("layer", .string(record.layer.rawValue)),
      .init("trace", .array(record.trace.map(step))),
    ]
    if let reason = record.reason { members.append(.init("reason", .string(reason))) }
    if let expected = answer.item.expectation.decision {
      members.append(.init("expect", .string(expected.rawValue)))
    }
    if let policy = answer.item.expectation.policy {
      members.append(.init("expectPolicy", policy.map(JSONValue.string) ?? .null))
    }
    if let mismatch = answer.mismatch { members.append(.init("mismatch", .string(mismatch))) }
    return .object(members)
  }

  private func step(_ step: TraceStep) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("outcome", .string(step.outcome.rawValue)), .init("text", .string(step.text)),
    ]
    if let policy = step.policy { members.append(.init("policy", .string(policy.text))) }
    if let location = step.location {
      members.append(.init("location", .string(location.description)))
    }
    return .object(members)
  }
}
