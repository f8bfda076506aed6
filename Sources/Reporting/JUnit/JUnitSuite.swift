import MeshModel

/// A plain test suite in JUnit XML: what `meshaudit evaluate --format junit` writes, in the dialect
/// `common` (`docs/reports.md`).
package struct JUnitSuite: Sendable {
  package enum Outcome: Sendable, Hashable {
    case passed
    case failure(type: String, message: String)
    case error(type: String, message: String)
    case skipped(message: String)
  }

  package struct Case: Sendable, Hashable {
    package var name: String
    package var className: String
    package var file: String?
    package var line: Int?
    package var outcome: Outcome

    package init(name: String, className: String, file: String?, line: Int?, outcome: Outcome) {
      self.name = name
      self.className = className
      self.file = file
      self.line = line
      self.outcome = outcome
    }
  }

  private let name: String
  private let cases: [Case]

  package init(name: String, cases: [Case]) {
    self.name = name
    self.cases = cases
  }

  package func rendered() throws(ReportingError) -> [UInt8] {
    let writer = try XMLWriter()
    let totals = totals
    writer.element("testsuites", totals) {
      writer.element("testsuite", [("name", name)] + totals + [("time", "0.000")]) {
        for item in cases { write(item, to: writer) }
      }
    }
    return try writer.finish()
  }

  /// Counted from what is written, never kept beside it.
  private var totals: [(name: String, value: String)] {
    var failures = 0
    var errors = 0
    var skipped = 0
    for item in cases {
      switch item.outcome {
      case .passed: continue
      case .failure: failures += 1
      case .error: errors += 1
      case .skipped: skipped += 1
      }
    }
    return [
      ("tests", String(cases.count)), ("failures", String(failures)), ("errors", String(errors)),
      ("skipped", String(skipped)),
    ]
  }

  private func write(_ item: Case, to writer: borrowing XMLWriter) {
    var attributes = [("name", item.name), ("classname", item.className), ("time", "0.000")]
    if let file = item.file { attributes.append(("file", file)) }
    if let line = item.line { attributes.append(("line", String(line))) }
    writer.element("testcase", attributes) {
      switch item.outcome {
      case .passed: break
      case .failure(let type, let message):
        writer.element("failure", [("type", type), ("message", message)]) { writer.text(message) }
      case .error(let type, let message):
        writer.element("error", [("type", type), ("message", message)]) { writer.text(message) }
      case .skipped(let message): writer.element("skipped", [("message", message)]) {}
      }
    }
  }
}
