/// Clients whose connections to a port are secured otherwise than auto mTLS would.
package struct ClientTLSDifference: Hashable, Sendable {
  /// The clients' namespace.
  package var namespace: String
  /// One client, when a rule with a workload selector decides; nil means all of the namespace that
  /// have a proxy.
  package var client: WorkloadID?
  /// Its `client` is one of those that are meant.
  package var fact: ClientTLSFact

  package init(namespace: String, client: WorkloadID?, fact: ClientTLSFact) {
    self.namespace = namespace
    self.client = client
    self.fact = fact
  }
}
