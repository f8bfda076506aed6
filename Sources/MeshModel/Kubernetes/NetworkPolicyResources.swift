/// NetworkPolicy and the administrator's policies around it.
package struct NetworkPolicyResources: Sendable {
  package var networkPolicies: [NetworkPolicy] = []
  package var adminPolicies: [AdminNetworkPolicy] = []

  package init() {}
}
