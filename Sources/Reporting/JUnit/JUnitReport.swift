import AuditModel
import MeshModel

/// Test results for CI servers: a suite per rule pack, a test case per rule and subject.
///
/// There is no JUnit standard. The dialect `common` writes what Jenkins (junit-plugin), GitLab and the
/// GitHub actions read; `strict` keeps to what both the Ant schema (windyroad `JUnit.xsd`) and Jenkins
/// xUnit's `junit-10.xsd` allow: `reports/schemas/junit-strict.xsd`.
struct JUnitReport {
  private let figures: ReportFigures
  private let options: ReportOptions

  init(_ figures: ReportFigures, options: ReportOptions) {
    self.figures = figures
    self.options = options
  }

  private var isStrict: Bool { options.junitDialect == .strict }

  func write(to output: ReportOutput) throws(ReportingError) {
    let suites = suites()
    let writer = try XMLWriter()
    let attributes = isStrict ? [] : rootAttributes(suites)
    writer.element("testsuites", attributes) {
      for (index, suite) in suites.enumerated() { write(suite, index: index, to: writer, output) }
    }
    output.write(try writer.finish())
  }

  // MARK: Cases

  /// Cases are made twice, to be counted and to be written: those of one rule are in memory at a time.
  private struct Suite {
    var pack: String
    var rules: [JUnitRule] = []
    var counts = Counts()
  }

  private struct Counts {
    var cases = 0
    var failures = 0
    var errors = 0
    var skipped = 0

    mutating func add(_ cases: [JUnitCase]) {
      self.cases += cases.count
      failures += cases.count { $0.outcome.isFailure }
      errors += cases.count { $0.outcome.isError }
      skipped += cases.count { $0.outcome.isSkipped }
    }

    mutating func add(_ other: Counts) {
      cases += other.cases
      failures += other.failures
      errors += other.errors
      skipped += other.skipped
    }
  }

  private enum JUnitRule {
    case selected(Rule)
    case unlisted(String)
  }

  private func cases(of rule: JUnitRule) -> [JUnitCase] {
    switch rule {
    case .selected(let rule):
      JUnitCase.cases(of: rule, in: figures, passes: options.junitPasses)
    case .unlisted(let id):
      JUnitCase.cases(ofUnlistedRule: id, in: figures, passes: options.junitPasses)
    }
  }

  /// Packs in order of name, their rules in order of id, their subjects in order of name.
  private func suites() -> [Suite] {
    var packs: [String: Suite] = [:]
    func add(_ rule: JUnitRule, to pack: String) {
      let cases = cases(of: rule)
      guard !cases.isEmpty else { return }
      var suite = packs[pack] ?? Suite(pack: pack)
      suite.rules.append(rule)
      suite.counts.add(cases)
      packs[pack] = suite
    }
    for rule in figures.rules { add(.selected(rule), to: rule.pack) }
    let known = Set(figures.rules.map(\.id))
    let others = Set(figures.findings.lazy.filter { !known.contains($0.ruleID) }.map(\.ruleID))
    for id in others.sorted() { add(.unlisted(id), to: "meshaudit") }
    return packs.values.sorted { $0.pack < $1.pack }
  }

  // MARK: Elements

  private func totals(_ counts: Counts) -> [(name: String, value: String)] {
    [
      ("tests", String(counts.cases)), ("failures", String(counts.failures)),
      ("errors", String(counts.errors)),
    ]
  }

  private func skipped(_ counts: Counts) -> (name: String, value: String) {
    ("skipped", String(counts.skipped))
  }

  private func rootAttributes(_ suites: [Suite]) -> [(name: String, value: String)] {
    let counts = suites.reduce(into: Counts()) { $0.add($1.counts) }
    return [("name", "meshaudit")] + totals(counts) + [skipped(counts), ("time", "0.000")]
  }

  private func write(
    _ suite: Suite, index: Int, to writer: XMLWriter, _ output: ReportOutput
  ) {
    // A time zone is against the Ant schema; every time of ours is UTC.
    let timestamp = String(figures.report.run.asOf.text.dropLast())
    var attributes: [(name: String, value: String)] = [
      ("package", "meshaudit"), ("id", String(index)), ("name", suite.pack),
      ("timestamp", timestamp), ("hostname", "meshaudit"),
    ]
    attributes += totals(suite.counts)
    if !isStrict { attributes.append(skipped(suite.counts)) }
    attributes.append(("time", "0.000"))
    writer.element("testsuite", attributes) {
      writer.element("properties") {
        for property in properties {
          writer.element(
            "property", [("name", property.name), ("value", property.value)])
        }
      }
      for rule in suite.rules {
        for testCase in cases(of: rule) {
          write(testCase, to: writer)
          writer.writePiece(to: output)
        }
      }
      if isStrict {
        writer.element("system-out")
        writer.element("system-err")
      }
    }
  }

  private var properties: [(name: String, value: String)] {
    let run = figures.report.run
    let scope = figures.report.scope
    var properties = [
      (name: "meshaudit.version", value: run.toolVersion),
      (name: "meshaudit.run", value: run.id),
      (name: "meshaudit.as-of", value: run.asOf.text),
      (name: "meshaudit.cluster", value: run.cluster),
      (name: "meshaudit.rules.sha256", value: run.rulesDigest),
    ]
    if let first = scope.trafficFirst, let last = scope.trafficLast {
      properties.append((name: "meshaudit.window", value: "\(first.text)/\(last.text)"))
    }
    for input in figures.report.inputs where !input.digest.isEmpty {
      properties.append((name: "meshaudit.input \(input.path)", value: input.digest))
    }
    return properties
  }

  private func write(_ testCase: JUnitCase, to writer: XMLWriter) {
    var attributes: [(name: String, value: String)] = [
      ("classname", testCase.className), ("name", testCase.name), ("time", "0.000"),
    ]
    if !isStrict, let location = testCase.finding?.location {
      attributes.append(("file", location.path))
      if location.line > 0 { attributes.append(("line", String(location.line))) }
    }
    writer.element("testcase", attributes) {
      if !isStrict { writeProperties(of: testCase, to: writer) }
      switch testCase.outcome {
      case .pass: break
      case .failure(let type, let message):
        writer.element("failure", [("message", message), ("type", type)]) {
          writer.text(testCase.details)
        }
      case .error(let type, let message):
        writer.element("error", [("message", message), ("type", type)]) {
          writer.text(testCase.details)
        }
      case .skipped(let message): writer.element("skipped", [("message", message)])
      }
      if !isStrict, let output = testCase.output {
        writer.element("system-out") { writer.text(output) }
      }
    }
  }

  private func writeProperties(of testCase: JUnitCase, to writer: XMLWriter) {
    guard let finding = testCase.finding, finding.status != .pass else { return }
    writer.element("properties") {
      for (name, value) in [
        ("severity", finding.severity.rawValue), ("fingerprint", finding.fingerprint),
      ] {
        writer.element("property", [("name", name), ("value", value)])
      }
    }
  }
}
