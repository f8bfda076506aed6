package import AuditModel
import MeshModel

/// The checks that waivers themselves are under, `MA-W01` to `MA-W07`.
///
/// They have no SQL and no pack on disk; nothing can switch them off.
package enum WaiverRules {
  package static let all: [Rule] = [
    rule(
      "MA-W01", "waiver-expired", .high, "A waiver should not have expired",
      "An accepted risk has an end. After it the finding counts again, and somebody must decide.",
      "Repair the finding and delete the waiver, or have a new waiver approved."),
    rule(
      "MA-W02", "waiver-expires-soon", .low, "A waiver should not be about to expire",
      "The finding comes back on the day after; a decision needs its time.",
      "Repair the finding, or have a new waiver approved before that day."),
    rule(
      "MA-W03", "waiver-unused", .low, "A waiver should match a finding",
      "A waiver without a finding waits for the next one and accepts it unseen.",
      "Delete the waiver."),
    rule(
      "MA-W04", "waiver-unknown-rule", .medium, "A waiver should name rules that can be waived",
      "A misspelt rule id accepts nothing while it looks as if it did.",
      "Correct the rule id, or delete the waiver."),
    rule(
      "MA-W05", "waiver-too-broad", .medium, "A waiver should match no more than it says",
      "More matches than were approved means that something new hides behind the waiver.",
      "Look at every finding, and have maxMatches or the subject approved anew."),
    rule(
      "MA-W06", "waiver-not-approved", .medium,
      "A waiver should be approved by somebody else than its owner",
      "Who must repair a finding should not accept it alone; critical and high ones need two.",
      "Have the waiver approved, by two for critical and high findings."),
    rule(
      "MA-W07", "waiver-too-long", .medium, "A waiver should be short",
      "Long waivers turn exceptions into rules: 90 days for critical and high, 180 for medium, "
        + "365 for the rest.",
      "Shorten the waiver; it ends for the finding when the longest time is over."),
  ]

  static func severity(_ id: String) -> Severity {
    all.first { $0.id == id }?.severity ?? .medium
  }

  private static func rule(
    _ id: String, _ name: String, _ severity: Severity, _ title: String, _ why: String,
    _ remediation: String
  ) -> Rule {
    Rule(
      id: id, name: name, pack: "waivers", title: title, question: title + ".", why: why,
      remediation: remediation, severity: severity, confidence: .high, reads: [], needs: [],
      parameters: [], references: [], since: "0.1.0", aliases: [], sql: "",
      location: SourceLocation(path: "waivers"))
  }
}
