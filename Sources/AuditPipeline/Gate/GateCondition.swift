package import AuditModel

/// What makes a gate fail.
package enum GateCondition: Sendable, Hashable {
  /// Access opens for anybody.
  case opens
  /// Access opens for callers without an identity of the mesh.
  case newUnauthenticated
  /// The change refuses requests that were observed and allowed.
  case breaksObserved
  /// Findings of this severity or above that the base does not have.
  case newFindings(Severity)
  /// Access that one side cannot decide.
  case unknown

  /// The conditions that hold when none are named.
  package static let standard: [GateCondition] = [
    .newUnauthenticated, .breaksObserved, .newFindings(.high),
  ]

  package init?(_ text: String) {
    switch text {
    case "opens": self = .opens
    case "new-unauthenticated": self = .newUnauthenticated
    case "breaks-observed": self = .breaksObserved
    case "unknown": self = .unknown
    case "new-findings": self = .newFindings(.high)
    default:
      guard text.hasPrefix("new-findings:"),
        let severity = Severity(rawValue: String(text.dropFirst("new-findings:".count)))
      else { return nil }
      self = .newFindings(severity)
    }
  }

  package var name: String {
    switch self {
    case .opens: "opens"
    case .newUnauthenticated: "new-unauthenticated"
    case .breaksObserved: "breaks-observed"
    case .unknown: "unknown"
    case .newFindings(let severity): "new-findings:\(severity.rawValue)"
    }
  }

  /// Conditions separated by commas; `none` is no condition.
  package static func list(_ text: String) throws(PipelineError) -> [GateCondition] {
    if text == "none" { return [] }
    var result: [GateCondition] = []
    for part in text.split(separator: ",") {
      let name = String(part.drop { $0 == " " })
      guard let condition = GateCondition(name) else {
        throw PipelineError(
          .usage, "there is no gate condition \"\(name)\"",
          hint: """
            conditions: opens, new-unauthenticated, breaks-observed, unknown, new-findings:SEVERITY, \
            none
            """)
      }
      if !result.contains(condition) { result.append(condition) }
    }
    return result
  }
}
