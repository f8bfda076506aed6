package import AuditModel
import DocumentReader
package import MeshModel

/// One row of a rule's result, checked.
package struct RuleRow: Sendable {
  package enum Status: String, Sendable, CaseIterable {
    case pass
    case fail
    case notApplicable = "not-applicable"
    /// This subject cannot be judged from what was given; its message says what is missing.
    case notAssessed = "not-assessed"

    package var finding: FindingStatus {
      switch self {
      case .pass: .pass
      case .fail: .fail
      case .notApplicable: .notApplicable
      case .notAssessed: .notAssessed
      }
    }
  }

  package var subject: String
  package var status: Status
  package var message: String
  package var locationID: Int64?
  package var evidence: JSONValue
  package var discriminator: String
  /// Overrides the rule's own for this row.
  package var severity: Severity?
}

extension RuleRow {
  static let requiredColumns = ["subject", "status", "message", "location_id", "evidence"]
  static let optionalColumns = ["discriminator", "severity"]

  /// Reads the rows of a statement, or says which column or value is wrong.
  static func read(_ result: SQLRows) throws(RuleEngineError) -> [RuleRow] {
    let reader = try RuleRowReader(columns: result.columns)
    var rows: [RuleRow] = []
    rows.reserveCapacity(result.rows.count)
    for (index, values) in result.rows.enumerated() {
      rows.append(try reader.row(values, number: index + 1))
    }
    return rows
  }
}

/// Knows where each column stands.
private struct RuleRowReader {
  private var positions: [String: Int] = [:]

  init(columns: [String]) throws(RuleEngineError) {
    for (index, name) in columns.enumerated() {
      guard RuleRow.requiredColumns.contains(name) || RuleRow.optionalColumns.contains(name) else {
        throw RuleEngineError(
          .malformedResult,
          "the column \"\(name)\" is not one of a rule: "
            + (RuleRow.requiredColumns + RuleRow.optionalColumns).joined(separator: ", "))
      }
      guard positions.updateValue(index, forKey: name) == nil else {
        throw RuleEngineError(.malformedResult, "the column \"\(name)\" is there twice")
      }
    }
    for name in RuleRow.requiredColumns where positions[name] == nil {
      throw RuleEngineError(.malformedResult, "the column \"\(name)\" is missing")
    }
  }

  func row(_ values: [SQLValue], number: Int) throws(RuleEngineError) -> RuleRow {
    func value(_ name: String) -> SQLValue { positions[name].map { values[$0] } ?? .null }
    func wrong(_ name: String, _ expected: String) -> RuleEngineError {
      let found = value(name).text.map { "\"\($0.prefix(80))\"" } ?? value(name).typeName
      return RuleEngineError(
        .malformedResult, "\(name) of row \(number) is \(found), expected \(expected)")
    }
    func text(_ name: String) throws(RuleEngineError) -> String {
      guard let text = value(name).text, !text.isEmpty else { throw wrong(name, "a text") }
      return text
    }
    guard let status = RuleRow.Status(rawValue: try text("status")) else {
      throw wrong("status", RuleRow.Status.allCases.map(\.rawValue).joined(separator: ", "))
    }
    let location = value("location_id")
    guard location == .null || location.integer != nil else {
      throw wrong("location_id", "an integer or null")
    }
    guard let evidence = evidence(try text("evidence")) else {
      throw wrong("evidence", "a JSON object")
    }
    var severity: Severity?
    if value("severity") != .null {
      severity = Severity(rawValue: try text("severity"))
      if severity == nil {
        throw wrong("severity", Severity.allCases.map(\.rawValue).joined(separator: ", "))
      }
    }
    let discriminator = value("discriminator")
    guard discriminator == .null || discriminator.text != nil else {
      throw wrong("discriminator", "a text or null")
    }
    return RuleRow(
      subject: try text("subject"), status: status, message: try text("message"),
      locationID: location.integer, evidence: evidence, discriminator: discriminator.text ?? "",
      severity: severity)
  }

  private func evidence(_ text: String) -> JSONValue? {
    let sink = DiagnosticSink()
    let node = JSONDocuments.read(text, path: "evidence", into: sink).first
    guard let json = node?.json, json.members != nil, sink.diagnostics.isEmpty else { return nil }
    return json
  }
}
