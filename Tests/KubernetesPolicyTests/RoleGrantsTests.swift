import MeshModel
import Testing

@testable import KubernetesPolicy

/// What RBAC grants to accounts.
@Suite struct RoleGrantsTests {
  private func grants(_ text: String) -> [String] {
    RoleGrants.facts(of: Manifests.inventory(text).resources).map {
      "\($0.accountNamespace)/\($0.accountName) \($0.verb) \($0.apiGroup)/\($0.resource)"
        + ($0.resourceName.map { ":\($0)" } ?? "") + " in \($0.scope)"
    }
  }

  private static func binding(
    _ subject: String, role: String = "Role", name: String = "keeper", kind: String = "RoleBinding"
  ) -> String {
    """
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: \(kind)
    metadata: {name: keepers, namespace: logging}
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: \(role), name: \(name)}
    subjects: [\(subject)]

    """
  }

  private static let role = """
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata: {name: keeper, namespace: logging}
    rules:
    - {apiGroups: [""], resources: [pods, pods/exec], verbs: [delete]}
    - {apiGroups: [""], resources: [configmaps], resourceNames: [fluent-bit], verbs: [patch]}

    """

  @Test func aRoleHoldsInTheNamespaceOfItsBinding() {
    let found = grants(
      Self.role + Self.binding("{kind: ServiceAccount, name: planner, namespace: agents}"))
    #expect(
      found == [
        "agents/planner patch /configmaps:fluent-bit in logging",
        "agents/planner delete /pods in logging", "agents/planner delete /pods/exec in logging",
      ])
  }

  @Test(arguments: [
    ("{kind: ServiceAccount, name: planner}", "logging/planner"),
    ("{kind: User, name: \"system:serviceaccount:agents:planner\"}", "agents/planner"),
    ("{kind: Group, name: \"system:serviceaccounts:agents\"}", "agents/*"),
    ("{kind: Group, name: \"system:authenticated\"}", "*/*"),
  ]) func accountsAreNamedInSeveralWays(subject: String, account: String) {
    let found = grants(Self.role + Self.binding(subject))
    #expect(found.count == 3)
    #expect(found.allSatisfy { $0.hasPrefix(account + " ") })
  }

  @Test func peopleAndUnknownRolesGrantNothing() {
    #expect(grants(Self.role + Self.binding("{kind: User, name: alice}")) == [])
    #expect(grants(Self.role + Self.binding("{kind: Group, name: developers}")) == [])
    #expect(
      grants(Self.role + Self.binding("{kind: ServiceAccount, name: x}", name: "other")) == [])
  }

  @Test func rolesOfEveryClusterAreKnown() {
    let account = "{kind: ServiceAccount, name: planner, namespace: agents}"
    let everything = grants(
      Self.binding(account, role: "ClusterRole", name: "cluster-admin", kind: "ClusterRoleBinding"))
    #expect(everything == ["agents/planner * */* in *"])
    let edit = grants(Self.binding(account, role: "ClusterRole", name: "edit"))
    #expect(edit.contains("agents/planner delete /persistentvolumeclaims in logging"))
    #expect(edit.contains("agents/planner update apps/statefulsets in logging"))
    #expect(edit.allSatisfy { $0.hasSuffix(" in logging") })
  }

  @Test func aggregatedRolesHaveTheRulesOfThoseTheySelect() {
    let found = grants(
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: all-of-it}
      aggregationRule: {clusterRoleSelectors: [{matchLabels: {aggregate: "yes"}}]}
      rules: []
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: part, labels: {aggregate: "yes"}}
      rules: [{apiGroups: [apps], resources: ["*"], verbs: ["*"]}]

      """ + Self.binding("{kind: ServiceAccount, name: x}", role: "ClusterRole", name: "all-of-it"))
    #expect(found == ["logging/x * apps/* in logging"])
  }
}
