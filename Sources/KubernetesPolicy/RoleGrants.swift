package import MeshModel

/// What RBAC grants to service accounts, by the roles and bindings of an inventory (Kubernetes
/// documentation, Using RBAC Authorization).
///
/// Of roles that no manifest defines, those that every cluster has are known as far as changing objects
/// goes; a binding to any other grants nothing here.
package enum RoleGrants {
  private static let group = "rbac.authorization.k8s.io"

  package static func facts(of resources: [Resource]) -> [RoleGrantFact] {
    let roles = RoleBook(resources)
    var facts: Set<RoleGrantFact> = []
    for resource in resources where resource.metadata.reference.kind.group == group {
      let reference = resource.metadata.reference
      let scope: String
      switch reference.kind.kind {
      case "RoleBinding": scope = reference.namespace
      case "ClusterRoleBinding": scope = "*"
      default: continue
      }
      guard let role = resource.spec["roleRef"], let name = role["name"]?.stringValue,
        let kind = role["kind"]?.stringValue
      else { continue }
      let namespace = kind == "Role" ? reference.namespace : ""
      let rules = roles.rules(kind: kind, namespace: namespace, name: name)
      for subject in resource.spec["subjects"]?.arrayValue ?? [] {
        guard let account = account(of: subject, in: reference.namespace) else { continue }
        for rule in rules {
          for grant in rule.grants {
            facts.insert(
              RoleGrantFact(
                accountNamespace: account.namespace, accountName: account.name, scope: scope,
                apiGroup: grant.group, resource: grant.resource, resourceName: grant.name,
                verb: grant.verb,
                role: namespace.isEmpty ? "\(kind) \(name)" : "\(kind) \(namespace)/\(name)",
                binding: reference.text, location: resource.metadata.location))
          }
        }
      }
    }
    return facts.sorted { order(of: $0).lexicographicallyPrecedes(order(of: $1)) }
  }

  private static func order(of fact: RoleGrantFact) -> [String] {
    [
      fact.accountNamespace, fact.accountName, fact.scope, fact.apiGroup, fact.resource,
      fact.resourceName ?? "", fact.verb, fact.binding, fact.role,
    ]
  }

  /// A service account, or a group that holds them (Kubernetes documentation, Using RBAC Authorization ›
  /// Referring to subjects); nil for people.
  private static func account(of subject: JSONValue, in namespace: String) -> (
    namespace: String, name: String
  )? {
    guard let name = subject["name"]?.stringValue else { return nil }
    switch subject["kind"]?.stringValue {
    case "ServiceAccount":
      return (subject["namespace"]?.stringValue ?? namespace, name)
    case "User":
      let parts = name.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 4, parts[0] == "system", parts[1] == "serviceaccount" else { return nil }
      return (parts[2], parts[3])
    case "Group":
      let prefix = "system:serviceaccounts:"
      if name == "system:serviceaccounts" || name == "system:authenticated" { return ("*", "*") }
      return name.hasPrefix(prefix) ? (String(name.dropFirst(prefix.count)), "*") : nil
    default: return nil
    }
  }
}

/// Roles by kind, namespace and name.
private struct RoleBook {
  struct Rule {
    struct Grant {
      var group: String
      var resource: String
      var name: String?
      var verb: String
    }

    var groups: [String]
    var resources: [String]
    var names: [String]
    var verbs: [String]

    /// One for each group, resource, name and verb.
    var grants: [Grant] {
      let choices: [String?] = names.isEmpty ? [nil] : names.map { $0 }
      return groups.flatMap { group in
        resources.flatMap { resource in
          choices.flatMap { name in
            verbs.map { Grant(group: group, resource: resource, name: name, verb: $0) }
          }
        }
      }
    }
  }

  private var rulesByRole: [ResourceReference: [Rule]] = [:]
  private var labels: [(labels: [String: String], rules: [Rule])] = []
  private var aggregations: [ResourceReference: [[String: String]]] = [:]

  init(_ resources: [Resource]) {
    for resource in resources {
      let reference = resource.metadata.reference
      guard reference.kind.kind == "Role" || reference.kind.kind == "ClusterRole" else { continue }
      let own = (resource.spec["rules"]?.arrayValue ?? []).map { rule in
        func texts(_ name: String) -> [String] {
          (rule[name]?.arrayValue ?? []).compactMap(\.stringValue)
        }
        return Rule(
          groups: texts("apiGroups"), resources: texts("resources"),
          names: texts("resourceNames"), verbs: texts("verbs"))
      }
      rulesByRole[reference] = own
      guard reference.kind.kind == "ClusterRole" else { continue }
      labels.append((resource.metadata.labels, own))
      let selectors = resource.spec["aggregationRule"]?["clusterRoleSelectors"]?.arrayValue ?? []
      aggregations[reference] = selectors.compactMap { selector in
        guard let members = selector["matchLabels"]?.members, !members.isEmpty else { return nil }
        return Dictionary(
          members.map { ($0.name, $0.value.stringValue ?? "") }, uniquingKeysWith: { $1 })
      }
    }
  }

  func rules(kind: String, namespace: String, name: String) -> [Rule] {
    let reference = ResourceReference(
      kind: ResourceKind(group: "rbac.authorization.k8s.io", kind: kind), namespace: namespace,
      name: name)
    guard let own = rulesByRole[reference] else {
      return kind == "ClusterRole" ? RoleBook.defaults[name] ?? [] : []
    }
    // The controller writes what it aggregates into `rules`; manifests that were not applied lack it.
    return own
      + (aggregations[reference] ?? []).flatMap { selector in
        labels.filter { candidate in
          selector.allSatisfy { candidate.labels[$0.key] == $0.value }
        }.flatMap(\.rules)
      }
  }

  /// What the user-facing roles of every cluster may change (Kubernetes
  /// plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go); reading is left out.
  private static let defaults: [String: [Rule]] = {
    let verbs = ["create", "delete", "deletecollection", "patch", "update"]
    let edit = [
      Rule(
        groups: [""],
        resources: [
          "configmaps", "persistentvolumeclaims", "pods", "pods/exec", "secrets", "services",
        ], names: [], verbs: verbs),
      Rule(
        groups: ["apps"], resources: ["daemonsets", "deployments", "replicasets", "statefulsets"],
        names: [], verbs: verbs),
    ]
    return [
      "cluster-admin": [Rule(groups: ["*"], resources: ["*"], names: [], verbs: ["*"])],
      "admin": edit,
      "edit": edit,
    ]
  }()
}
