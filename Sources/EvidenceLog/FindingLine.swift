package import AuditModel
import MeshModel

/// One finding as a leaf of the findings tree.
package enum FindingLine {
  /// Canonical JSON: members sorted by name, no white space, no line break.
  ///
  /// It holds what the finding says and not where the run stands in time: neither when it was first
  /// seen nor whether it is new.
  package static func text(of finding: Finding) -> String {
    var members: [JSONValue.Member] = [
      .init("discriminator", .string(finding.discriminator)),
      .init("evidence", finding.evidence),
      .init("fingerprint", .string(finding.fingerprint)),
      .init("message", .string(finding.message)),
      .init("rule", .string(finding.ruleID)),
      .init("severity", .string(finding.severity.rawValue)),
      .init("status", .string(finding.status.rawValue)),
      .init("subject", .string(finding.subject)),
      .init("systems", .array(finding.systemIDs.map { .string($0) })),
    ]
    if let waiver = finding.waiverID { members.append(.init("waiver", .string(waiver))) }
    if let place = finding.location { members.append(.init("location", .string("\(place)"))) }
    return JSONValue.object(members).canonicalText
  }

  /// The leaves of a run, in the order of its findings.
  package static func leaves(of findings: [Finding]) -> [[UInt8]] {
    findings.map { Array(text(of: $0).utf8) }
  }
}
