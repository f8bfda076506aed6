/// NetworkPolicy and the administrator's policies around it.
package struct NetworkPolicyResources: Sendable {
  package init() {}
}
