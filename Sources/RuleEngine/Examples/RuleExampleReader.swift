import AuditModel
import DocumentReader
import MeshModel

/// Finds the examples below `examples/` and what they expect.
///
/// An example is a file or a folder whose name starts with `fail-`, `pass-` or `not-assessed-`. A line that must be found
/// ends in `# expect: ID`, several ids apart by commas. Files that cannot carry a comment have a sidecar:
/// `expect.yaml` in the folder, or `<name>.expect.yaml` beside the file, a list of
/// `{rule: ID, file: path, line: 3}` or `{rule: ID, subject: "workload agents/planner"}`.
///
/// A folder's `meshaudit.yaml` gives rules their parameters (`rules: {IC-049: {approved_anchors: […]}}`),
/// as it does for an audit.
///
/// Inputs in folders `run-2026-11-19`, `run-2026-11-20` are those of audits over one database, one after
/// the other; the last is judged, and its paths are those inside its folder.
struct RuleExampleReader {
  let ruleID: String
  let files: [EmbeddedFile]
  let path: String
  let sink: DiagnosticSink

  /// Nil when an example is wrong.
  func read() -> [RuleExample]? {
    var isWhole = true
    var byName: [String: [EmbeddedFile]] = [:]
    var sidecars: [String: EmbeddedFile] = [:]
    for file in files {
      let parts = file.path.split(separator: "/", maxSplits: 1).map(String.init)
      let isFolder = parts.count == 2
      if isFolder, parts[1] == "expect.yaml" {
        sidecars[parts[0]] = file
      } else if !isFolder, file.path.hasSuffix(".expect.yaml") {
        sidecars[String(file.path.dropLast(".expect.yaml".count))] = file
      } else {
        let name = isFolder ? parts[0] : RuleExampleReader.stem(parts[0])
        let inner = isFolder ? parts[1] : parts[0]
        byName[name, default: []].append(EmbeddedFile(path: inner, bytes: file.bytes))
      }
    }
    var examples: [RuleExample] = []
    for name in byName.keys.sorted() {
      guard let outcome = RuleExample.Outcome(exampleName: name) else {
        report(
          "wrong-example-name",
          "the example \"\(name)\" says neither fail nor pass nor not-assessed", name)
        isWhole = false
        continue
      }
      let (inputs, earlierRuns) = RuleExampleReader.runs(of: byName[name, default: []])
      var expectations = inputs.flatMap(commentedExpectations)
      if let sidecar = sidecars[name] {
        guard let listed = self.expectations(of: sidecar) else {
          isWhole = false
          continue
        }
        expectations += listed
      }
      let own = expectations.contains { $0.ruleID == ruleID }
      if own != (outcome == .fail) {
        report(
          "wrong-expectation",
          outcome == .fail
            ? "the example \"\(name)\" does not say what must be found"
            : "the example \"\(name)\" does not fail, but expects \(ruleID)", name)
        isWhole = false
        continue
      }
      var example = RuleExample(
        ruleID: ruleID, name: name, outcome: outcome, files: inputs, expectations: expectations)
      example.earlierRuns = earlierRuns
      examples.append(example)
    }
    return isWhole ? examples : nil
  }

  /// Files of the last run and the runs before it; all files, and no run, where they are not in folders of
  /// runs.
  private static func runs(of files: [EmbeddedFile]) -> (
    last: [EmbeddedFile], earlier: [RuleExample.Run]
  ) {
    var runs: [String: RuleExample.Run] = [:]
    for file in files {
      let parts = file.path.split(separator: "/", maxSplits: 1).map(String.init)
      let folder = parts[0]
      guard parts.count == 2, folder.hasPrefix("run-"),
        let asOf = UTCTime("\(folder.dropFirst("run-".count))T06:00:00Z")
      else { return (files, []) }
      runs[folder, default: .init(asOf: asOf, files: [])].files
        .append(EmbeddedFile(path: parts[1], bytes: file.bytes))
    }
    var ordered = runs.values.sorted { $0.asOf < $1.asOf }
    let last = ordered.popLast()
    return (last?.files ?? [], ordered)
  }

  private func commentedExpectations(_ file: EmbeddedFile) -> [RuleExample.Expectation] {
    var found: [RuleExample.Expectation] = []
    let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      guard let ids = RuleExampleReader.expectedIDs(line) else { continue }
      found += ids.map {
        RuleExample.Expectation(ruleID: $0, file: file.path, line: index + 1, subject: nil)
      }
    }
    return found
  }

  /// The ids after the last `# expect:` of a line.
  static func expectedIDs(_ line: Substring) -> [String]? {
    let marker = "# expect:"
    var rest = line
    while let hash = rest.firstIndex(of: "#") {
      if rest[hash...].hasPrefix(marker) {
        let list = rest[hash...].dropFirst(marker.count)
        return list.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\r" }).map(String.init)
      }
      rest = rest[rest.index(after: hash)...]
    }
    return nil
  }

  private func expectations(of file: EmbeddedFile) -> [RuleExample.Expectation]? {
    let place = "\(path)/\(file.path)"
    guard let node = YAMLDocuments.read(file.text, path: place, into: sink).first,
      let items = node.items
    else {
      sink.report(
        .error, "wrong-type", "\(place) is no list of expectations",
        at: SourceLocation(path: place), hint: "write - {rule: \(ruleID), subject: \"…\"}")
      return nil
    }
    var isWhole = true
    let read = items.map { item in
      let fields = FieldReader(item, sink: sink)
      let expectation = RuleExample.Expectation(
        ruleID: fields.string("rule")?.value ?? "", file: fields.string("file")?.value,
        line: fields.int("line")?.value, subject: fields.string("subject")?.value)
      fields.reportUnknownFields()
      if expectation.ruleID.isEmpty || (expectation.file == nil && expectation.subject == nil) {
        fields.problem(
          "missing-field", "an expectation needs rule, and file or subject", at: fields.location)
      }
      if fields.hasProblem { isWhole = false }
      return expectation
    }
    return isWhole ? read : nil
  }

  private func report(_ code: String, _ message: String, _ name: String) {
    sink.report(
      .error, code, message, at: SourceLocation(path: "\(path)/\(name)"),
      hint: "mark lines with \"# expect: \(ruleID)\", or list them in expect.yaml")
  }

  /// A file's name without its ending: all of it from the first dot.
  private static func stem(_ name: String) -> String {
    String(name.prefix { $0 != "." })
  }
}
