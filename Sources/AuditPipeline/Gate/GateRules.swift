import AuditModel
import MeshModel

/// The two rules that only a gate can check: they compare two configurations, so no SQL over one run
/// states them (rule catalogue, LP-059 and LP-060).
enum GateRules {
  /// Rules that compare the policies with the traffic of the mesh that runs them.
  ///
  /// A head does not run yet: what it refuses of that traffic is replayed, and is no traffic past its
  /// policies.
  static let ofRunningMesh: Set<String> = ["LP-052"]

  static let opens = Rule(
    id: "LP-059", name: "change-grants-access", pack: "least-privilege",
    title: "A change should open no access that was not meant",
    question: "Which access does the change open that the base does not grant?",
    why: "Access is added one line at a time, and a line can reach further than its author saw.",
    remediation: "Narrow the line, or have the one who owns the called workload approve it.",
    severity: .high, confidence: .high, reads: [], needs: [.manifests, .baseline],
    parameters: [], references: references, since: "0.1.0", aliases: [], sql: "",
    location: SourceLocation(path: "meshaudit gate"))

  static let breaks = Rule(
    id: "LP-060", name: "change-denies-traffic", pack: "least-privilege",
    title: "A change should not refuse requests that were observed and allowed",
    question: "Which requests of the observed traffic would the change refuse?",
    why: "A policy that is too tight is taken back in a hurry, and wider than it was before.",
    remediation: "Grant the operation to the caller, or stop the caller before the change.",
    severity: .high, confidence: .high, reads: [], needs: [.manifests, .accessLogs, .baseline],
    parameters: [], references: references, since: "0.1.0", aliases: [], sql: "",
    location: SourceLocation(path: "meshaudit gate"))

  private static let references = [
    Rule.Reference(
      title: "NIST SP 800-53 Rev. 5, CM-4 Impact Analyses",
      url: "https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final")
  ]
}
