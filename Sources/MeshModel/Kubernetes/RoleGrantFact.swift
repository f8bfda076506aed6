/// One verb on one resource that RBAC grants to a service account (Kubernetes documentation, Using RBAC
/// Authorization).
package struct RoleGrantFact: Hashable, Sendable {
  /// `*` where a binding names a group of all accounts.
  package var accountNamespace: String
  /// `*` for all accounts of the namespace.
  package var accountName: String
  /// The namespace in which it holds, `*` for all.
  package var scope: String
  /// `*` for all, as in the rule.
  package var apiGroup: String
  /// With a subresource, as in `pods/exec`; `*` for all.
  package var resource: String
  /// Nil for objects of any name.
  package var resourceName: String?
  package var verb: String
  /// `Role agents/writer`, `ClusterRole admin`.
  package var role: String
  /// `RoleBinding agents/writers`, `ClusterRoleBinding admins`.
  package var binding: String
  package var location: SourceLocation

  package init(
    accountNamespace: String, accountName: String, scope: String, apiGroup: String,
    resource: String, resourceName: String?, verb: String, role: String, binding: String,
    location: SourceLocation
  ) {
    self.accountNamespace = accountNamespace
    self.accountName = accountName
    self.scope = scope
    self.apiGroup = apiGroup
    self.resource = resource
    self.resourceName = resourceName
    self.verb = verb
    self.role = role
    self.binding = binding
    self.location = location
  }
}
