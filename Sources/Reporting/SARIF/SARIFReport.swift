import AuditModel
import MeshModel

/// `findings.sarif`: SARIF 2.1.0 (OASIS Standard, 27 March 2020), shaped for GitHub code scanning.
///
/// Passes and subjects that a rule does not apply to are left out; they are in `findings.json`.
struct SARIFReport {
  /// GitHub keeps the first 5,000 results of a run (GitHub Docs, "SARIF support for code scanning").
  static let resultLimit = 5_000
  /// GitHub takes 20 tags per rule.
  static let tagLimit = 20
  static let schema = "https://json.schemastore.org/sarif-2.1.0.json"

  private let figures: ReportFigures
  private let ruleIndex: [String: Int]

  init(_ figures: ReportFigures) {
    self.figures = figures
    ruleIndex = Dictionary(figures.rules.enumerated().map { ($1.id, $0) }) { first, _ in first }
  }

  func rendered() -> [UInt8] {
    let reported = figures.findings.filter {
      $0.status == .fail || $0.status == .waived || $0.status == .notAssessed
    }
    let results = reported.prefix(SARIFReport.resultLimit)
    let run = figures.report.run
    return JSONText.bytes(of: [
      "$schema": .string(SARIFReport.schema),
      "version": "2.1.0",
      "runs": [
        [
          "tool": ["driver": driver],
          "automationDetails": ["id": .string("meshaudit/\(run.cluster)/\(run.id)")],
          "columnKind": "unicodeCodePoints",
          "invocations": [
            [
              "executionSuccessful": .bool((figures.statusCounts[.error] ?? 0) == 0),
              "endTimeUtc": .time(run.asOf),
              "toolExecutionNotifications": .array(
                notifications(reported: reported, written: results.count)),
            ]
          ],
          "results": .array(results.map(result)),
          "taxonomies": .array(figures.report.frameworks.map(taxonomy)),
        ]
      ],
    ])
  }

  // MARK: Rules and taxonomies

  private var driver: JSONValue {
    [
      "name": "meshaudit",
      "semanticVersion": .string(figures.report.run.toolVersion),
      "rules": .array(figures.rules.map(descriptor)),
      "supportedTaxonomies": .array(
        figures.report.frameworks.map { ["name": .string($0.title)] }),
    ]
  }

  private func descriptor(_ rule: Rule) -> JSONValue {
    let help = """
      \(rule.why)

      Remedy: \(rule.remediation)
      """
    var members: [JSONValue.Member] = [
      .init("id", .string(rule.id)), .init("name", .string(rule.name)),
      .init("shortDescription", ["text": .string(rule.title)]),
      .init("fullDescription", ["text": .string(SARIFReport.cut(rule.question + " " + rule.why))]),
      .init("help", ["text": .string(help)]),
      .init("defaultConfiguration", ["level": .string(level(rule.severity))]),
      .init("relationships", .array(relationships(of: rule))),
      .init(
        "properties",
        [
          "precision": .string(precision(rule.confidence)),
          "security-severity": .string(score(rule.severity)),
          "tags": .strings(tags(of: rule)),
        ]),
    ]
    if let url = rule.references.lazy.compactMap(\.url).first(where: { $0.hasPrefix("https://") }) {
      members.append(.init("helpUri", .string(SARIFReport.uri(url, keepsReserved: true))))
    }
    return .object(members)
  }

  private func tags(of rule: Rule) -> [String] {
    Array((["security", rule.pack] + figures.controls(of: rule.id)).prefix(SARIFReport.tagLimit))
  }

  private func relationships(of rule: Rule) -> [JSONValue] {
    figures.report.frameworks.flatMap { framework in
      framework.controls.filter { $0.mappings.contains { $0.ruleID == rule.id } }.map { control in
        [
          "target": [
            "id": .string(control.label), "toolComponent": ["name": .string(framework.title)],
          ],
          "kinds": ["relevant"],
        ]
      }
    }
  }

  private func taxonomy(_ framework: Framework) -> JSONValue {
    [
      "name": .string(framework.title), "version": .string(framework.edition),
      "taxa": .array(
        framework.controls.map {
          ["id": .string($0.label), "shortDescription": ["text": .string($0.title)]]
        }),
    ]
  }

  // MARK: Results

  private func result(_ finding: Finding) -> JSONValue {
    let isReview = finding.status == .notAssessed
    var members: [JSONValue.Member] = [
      .init("ruleId", .string(finding.ruleID)),
      .init("kind", isReview ? "review" : "fail"),
      .init("level", .string(isReview ? "none" : level(finding.severity))),
      .init("message", ["text": .string(finding.message)]),
      .init("locations", .array([location(of: finding)])),
      .init(
        "partialFingerprints",
        [
          // The only key that GitHub reads.
          "primaryLocationLineHash": .string("\(finding.fingerprint):1"),
          "meshaudit/v1": .string(finding.fingerprint),
        ]),
      .init(
        "properties",
        [
          "severity": .string(finding.severity.rawValue),
          "systems": .strings(finding.systemIDs), "evidence": finding.evidence,
        ]),
    ]
    if let index = ruleIndex[finding.ruleID] { members.append(.init("ruleIndex", .number(index))) }
    if let isNew = finding.isNew {
      members.append(.init("baselineState", isNew ? "new" : "unchanged"))
    }
    if finding.status == .waived {
      let waiver = figures.waiver(finding.waiverID)
      members.append(
        .init(
          "suppressions",
          [
            [
              "kind": "external", "status": "accepted",
              "justification": .string(
                "\(finding.waiverID ?? "waiver"): \(waiver?.justification ?? "no text")"),
            ]
          ]))
    }
    return .object(members)
  }

  private func location(of finding: Finding) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("logicalLocations", [["fullyQualifiedName": .string(finding.subject)]])
    ]
    if let location = finding.location {
      var physical: [JSONValue.Member] = [
        .init("artifactLocation", ["uri": .string(SARIFReport.uri(location.path))])
      ]
      if location.line > 0 {
        physical.append(
          .init(
            "region",
            [
              "startLine": .number(location.line), "startColumn": .number(max(1, location.column)),
            ]))
      }
      members.append(.init("physicalLocation", .object(physical)))
    }
    return .object(members)
  }

  private func notifications(reported: [Finding], written: Int) -> [JSONValue] {
    var notifications = figures.unassessedRuleIDs.compactMap { id -> JSONValue? in
      let finding = figures.findings(of: id).first {
        $0.status == .error || $0.status == .notAssessed
      }
      guard let finding else { return nil }
      return notification(
        finding.status == .error ? "error" : "warning",
        finding.status == .error ? "rule-error" : "not-assessed", "\(id): \(finding.message)")
    }
    if reported.count > written {
      notifications.append(
        notification(
          "warning", "results-cut",
          "the \(written) most urgent of \(reported.count) results are written; all are in "
            + ReportFormat.json.fileName))
    }
    let placeless = reported.count { $0.location == nil }
    if placeless > 0 {
      notifications.append(
        notification(
          "note", "no-file",
          "\(placeless) results have no file; GitHub does not display them"))
    }
    return notifications
  }

  private func notification(_ level: String, _ id: String, _ text: String) -> JSONValue {
    [
      "level": .string(level), "descriptor": ["id": .string(id)],
      "message": ["text": .string(text)],
    ]
  }
}

// MARK: Values

extension SARIFReport {
  private func level(_ severity: Severity) -> String {
    switch severity {
    case .critical, .high: "error"
    case .medium: "warning"
    case .low, .info: "note"
    }
  }

  /// GitHub's bands: above 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low.
  private func score(_ severity: Severity) -> String {
    switch severity {
    case .critical: "9.5"
    case .high: "8.0"
    case .medium: "5.5"
    case .low: "3.0"
    case .info: "0.5"
    }
  }

  private func precision(_ confidence: Confidence) -> String {
    switch confidence {
    case .high: "very-high"
    case .medium: "medium"
    case .low: "low"
    }
  }

  /// GitHub shows 1,024 characters of a full description.
  private static func cut(_ text: String) -> String {
    guard text.unicodeScalars.count > 1_024 else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(1_023))) + "…"
  }

  /// A path as a URI reference (RFC 3986): bytes outside the unreserved set are percent-encoded.
  static func uri(_ path: String, keepsReserved: Bool = false) -> String {
    let kept = Array((keepsReserved ? "-._~/:?#[]@!$&'()*+,;=%" : "-._~/").utf8)
    var uri = !keepsReserved && path.hasPrefix("/") ? "file://" : ""
    for byte in path.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: uri.unicodeScalars.append(Unicode.Scalar(byte))
      case _ where kept.contains(byte): uri.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        uri += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return uri
  }
}
