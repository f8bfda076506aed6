/// How one workload's connections to another are secured, as the client's side and the server's
/// side together make it.
package struct ClientTLSFact: Hashable, Sendable {
  package enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// Mutual TLS with the mesh identities of both.
    case mutual
    /// TLS of the user's own: the server sees no mesh identity.
    case userTLS = "user-tls"
    case plaintext
    /// The two sides do not fit: no connection.
    case broken
  }

  /// A setting that does not do what it seems to.
  package enum Trap: String, Hashable, Sendable, CaseIterable {
    /// A `portLevelSettings` entry without `tls` resets TLS for its port.
    case portLevelReset = "port-level-reset"
    /// `credentialName` in a rule without workloadSelector: a sidecar ignores it and sends
    /// plaintext.
    case credentialIgnored = "credential-ignored"
    case verificationSkipped = "verification-skipped"
    /// `sni` without `subjectAltNames`: the server's names are not checked.
    case namesUnchecked = "names-unchecked"
  }

  package var client: WorkloadID
  package var server: WorkloadID
  /// The server's container port.
  package var port: Int
  /// The subset of the DestinationRule that traffic is routed to; nil without.
  package var subset: String?
  package var outcome: Outcome
  package var traps: [Trap]
  /// `DestinationRule agents/tools`, or `auto mTLS`.
  package var decidedBy: String
  package var location: SourceLocation?

  package init(
    client: WorkloadID, server: WorkloadID, port: Int, subset: String? = nil, outcome: Outcome,
    traps: [Trap] = [], decidedBy: String, location: SourceLocation? = nil
  ) {
    self.client = client
    self.server = server
    self.port = port
    self.subset = subset
    self.outcome = outcome
    self.traps = traps
    self.decidedBy = decidedBy
    self.location = location
  }
}
