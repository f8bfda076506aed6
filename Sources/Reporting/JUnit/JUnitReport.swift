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

  func rendered() throws(ReportingError) -> [UInt8] {
    let suites = suites()
    let writer = try XMLWriter()
    writer.element("testsuites", isStrict ? [] : rootAttributes(suites)) {
      for (index, suite) in suites.enumerated() { write(suite, index: index, to: writer) }
    }
    return try writer.finish()
  }

  // MARK: Cases

  private struct Suite {
    var pack: String
    var cases: [JUnitCase]
  }

  /// Packs in order of name, their rules in order of id, their subjects in order of name.
  private func suites() -> [Suite] {
    var packs: [String: [JUnitCase]] = [:]
    for rule in figures.rules {
      let cases = JUnitCase.cases(of: rule, in: figures, passes: options.junitPasses)
      if !cases.isEmpty { packs[rule.pack, default: []] += cases }
    }
    let known = Set(figures.rules.map(\.id))
    let others = figures.findings.filter { !known.contains($0.ruleID) }.map(\.ruleID)
    for id in Set(others).sorted() {
      packs["meshaudit", default: []] += JUnitCase.cases(
        ofUnlistedRule: id, in: figures, passes: options.junitPasses)
    }
    return packs.sorted { $0.key < $1.key }.map { Suite(pack: $0.key, cases: $0.value) }
  }

  // MARK: Elements

  private func totals(_ cases: [JUnitCase]) -> [(name: String, value: String)] {
    [
      ("tests", String(cases.count)),
      ("failures", String(cases.count { $0.outcome.isFailure })),
      ("errors", String(cases.count { $0.outcome.isError })),
    ]
  }

  private func skipped(_ cases: [JUnitCase]) -> (name: String, value: String) {
    ("skipped", String(cases.count { $0.outcome.isSkipped }))
  }

  private func rootAttributes(_ suites: [Suite]) -> [(name: String, value: String)] {
    let cases = suites.flatMap(\.cases)
    return [("name", "meshaudit")] + totals(cases) + [skipped(cases), ("time", "0.000")]
  }

  private func write(_ suite: Suite, index: Int, to writer: XMLWriter) {
    // A time zone is against the Ant schema; every time of ours is UTC.
    let timestamp = String(figures.report.run.asOf.text.dropLast())
    var attributes: [(name: String, value: String)] = [
      ("package", "meshaudit"), ("id", String(index)), ("name", suite.pack),
      ("timestamp", timestamp), ("hostname", "meshaudit"),
    ]
    attributes += totals(suite.cases)
    if !isStrict { attributes.append(skipped(suite.cases)) }
    attributes.append(("time", "0.000"))
    writer.element("testsuite", attributes) {
      writer.element("properties") {
        for property in properties {
          writer.element(
            "property", [("name", property.name), ("value", property.value)])
        }
      }
      for testCase in suite.cases { write(testCase, to: writer) }
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
