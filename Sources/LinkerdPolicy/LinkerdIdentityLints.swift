import MeshModel

/// Lints of the identities that authorizations name.
struct LinkerdIdentityLints {
  let mesh: LinkerdMesh

  /// An identity that a policy names.
  private struct Mention {
    var subject: ResourceReference
    var text: String
    var location: SourceLocation
  }

  func all() -> [LinkerdLint] {
    identities().flatMap { misplacedWildcards($0) + foreignIdentities($0) + gateways($0) }
      + mesh.accountMentions().compactMap(unusedAccount)
  }

  private func identities() -> [Mention] {
    mesh.resources.meshTLSAuthentications.flatMap { authentication in
      authentication.identities.map {
        Mention(subject: authentication.reference, text: $0.value, location: $0.location)
      }
    }
      + mesh.resources.serverAuthorizations.flatMap { authorization in
        (authorization.meshTLS?.identities ?? []).map {
          Mention(subject: authorization.reference, text: $0.value, location: $0.location)
        }
      }
  }

  /// L06: a wildcard that is no whole first label is a character like any other (policy-controller
  /// core/src/identity_match.rs).
  private func misplacedWildcards(_ mention: Mention) -> [LinkerdLint] {
    let rest = mention.text.hasPrefix("*.") ? mention.text.dropFirst(2) : mention.text[...]
    guard mention.text != "*", rest.contains("*"), !mention.text.hasPrefix("spiffe://") else {
      return []
    }
    return [
      LinkerdLint(
        "L06", mention.subject,
        "\(mention.subject.text) names identity \"\(mention.text)\": a \"*\" that is not the whole "
          + "first label stands for itself, so that it matches nobody", detail: mention.text,
        at: mention.location)
    ]
  }

  /// L07: an identity that this cluster's issuer never gives out; only where the cluster's own
  /// settings are known.
  private func foreignIdentities(_ mention: Mention) -> [LinkerdLint] {
    guard mesh.settings.configuration != nil, let identity = LinkerdIdentity(mention.text) else {
      return []
    }
    var parts: [String] = []
    if identity.trustDomain != mesh.settings.trustDomain {
      parts.append(
        "trust domain \"\(identity.trustDomain)\" is not \"\(mesh.settings.trustDomain)\"")
    }
    if identity.controlPlaneNamespace != mesh.settings.controlPlaneNamespace {
      parts.append(
        "control plane \"\(identity.controlPlaneNamespace)\" is not "
          + "\"\(mesh.settings.controlPlaneNamespace)\"")
    }
    guard !parts.isEmpty else { return [] }
    return [
      LinkerdLint(
        "L07", mention.subject,
        "\(mention.subject.text) names identity \"\(mention.text)\", whose "
          + "\(parts.joined(separator: " and whose ")) of this cluster: no workload here shows it",
        detail: mention.text, at: mention.location)
    ]
  }

  /// L33: behind a gateway's identity stands every client of the other cluster (Linkerd docs,
  /// Multi-cluster communication, hierarchical networks).
  private func gateways(_ mention: Mention) -> [LinkerdLint] {
    let isLinked = mesh.resources.links.contains { $0.gatewayIdentity?.value == mention.text }
    let identity = LinkerdIdentity(mention.text)
    let isChart =
      identity?.serviceAccount == "linkerd-gateway" && identity?.namespace == "linkerd-multicluster"
    guard isLinked || isChart else { return [] }
    return [
      LinkerdLint(
        "L33", mention.subject,
        "\(mention.subject.text) admits the gateway \"\(mention.text)\": every client that comes "
          + "through it from another cluster, whoever it is", detail: mention.text,
        at: mention.location)
    ]
  }

  /// L08: a grant to a service account that no workload runs as, in a namespace whose workloads the
  /// inputs show.
  private func unusedAccount(_ mention: LinkerdAccountMention) -> LinkerdLint? {
    guard knownNamespaces.contains(mention.namespace), !usedAccounts.contains(mention.account)
    else {
      return nil
    }
    return LinkerdLint(
      "L08", mention.subject,
      "\(mention.subject.text) grants to service account \"\(mention.account)\", which no workload "
        + "runs as", detail: mention.account, at: mention.location)
  }

  private let usedAccounts: Set<String>
  private let knownNamespaces: Set<String>

  init(mesh: LinkerdMesh) {
    self.mesh = mesh
    usedAccounts = Set(
      mesh.inventoryWorkloads.map { "\($0.id.namespace)/\($0.serviceAccount)" })
    knownNamespaces = Set(mesh.inventoryWorkloads.map(\.id.namespace))
  }
}
