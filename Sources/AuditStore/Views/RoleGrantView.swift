/// The view `role_grant`.
extension View {
  static let roleGrant = View(
    name: "role_grant", group: .configuration,
    description: """
      What RBAC grants to service accounts: one row for each verb on each resource. Of roles that no \
      manifest defines only cluster-admin, admin and edit are known, and of these only what changes \
      objects.
      """,
    columns: [
      Column("role_grant_id", "key", "g.role_grant_id"),
      Column(
        "account_namespace", "namespace of the account, * for all",
        "g.account_namespace"),
      Column("account_name", "name of the account, * for all of the namespace", "g.account_name"),
      Column("scope", "namespace in which it holds, * for all", "g.scope"),
      Column("api_group", "API group, empty for core, * for all", "g.api_group"),
      Column("resource", "pods, pods/exec, …; * for all", "g.resource"),
      Column("resource_name", "name of the only object, or null", "g.resource_name"),
      Column("verb", "get, delete, …; * for all", "g.verb"),
      Column("role", "Role namespace/name or ClusterRole name", "g.role"),
      Column("binding", "RoleBinding namespace/name or ClusterRoleBinding name", "g.binding"),
      Column(
        "location_id", "place of the binding in the inputs, joins `location`", "g.location_id"),
    ],
    source: """
      role_grants g
      where g.run_id = (select run_id from current_run)
      """)
}
