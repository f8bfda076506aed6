import MeshModel

/// Lints of AuthorizationPolicies, ServerAuthorizations and authentications.
struct LinkerdAuthorizationLints {
  let mesh: LinkerdMesh
  let attachment: LinkerdAttachment

  func all() -> [LinkerdLint] {
    mesh.resources.authorizationPolicies.flatMap(lints)
      + mesh.resources.serverAuthorizations.flatMap(lints) + sharedAccounts() + spiffeClients()
  }

  private func lints(of policy: LinkerdAuthorizationPolicy) -> [LinkerdLint] {
    var lints: [LinkerdLint] = []
    switch mesh.grants.defects[policy.reference] {
    case .missingAuthentication(let reference)?:
      let namespace = reference.namespace ?? policy.namespace
      lints.append(
        LinkerdLint(
          "L01", policy.reference,
          "\(policy.reference.text) requires \(reference.kind) \"\(namespace)/\(reference.name)\", "
            + "which does not exist or names nobody; the whole policy is ignored",
          detail: "\(reference.kind) \(namespace)/\(reference.name)", at: reference.location))
    case .severalIdentities?, .severalNetworks?:
      lints.append(
        LinkerdLint(
          "L03", policy.reference,
          "\(policy.reference.text) is ignored because "
            + (mesh.grants.defects[policy.reference]?.text ?? ""),
          at: policy.authenticationsLocation))
    default: break
    }
    if let references = policy.authentications, references.isEmpty {
      lints.append(
        LinkerdLint(
          "L02", policy.reference,
          "\(policy.reference.text) requires no authentication: everybody may connect, also from "
            + "outside the mesh", at: policy.authenticationsLocation))
    }
    return lints + wildcards(of: policy)
  }

  /// L04: every workload of the mesh, at a Server that is no ingress.
  private func wildcards(of policy: LinkerdAuthorizationPolicy) -> [LinkerdLint] {
    guard mesh.grants.defects[policy.reference] == nil, let references = policy.authentications,
      !references.contains(where: {
        $0.names(group: "policy.linkerd.io", kind: "NetworkAuthentication")
      }), !isIngress(attachment.workloads(of: policy))
    else { return [] }
    return references.flatMap { reference -> [LinkerdLint] in
      guard reference.names(group: "policy.linkerd.io", kind: "MeshTLSAuthentication"),
        let found = attachment.identities(
          reference.namespace ?? policy.namespace, reference.name)
      else { return [] }
      return found.identities.filter { $0.value == "*" }.map {
        LinkerdLint(
          "L04", policy.reference,
          "\(policy.reference.text) admits identity \"*\" of \(found.reference.text): every meshed "
            + "workload", detail: found.reference.text, at: $0.location)
      }
    }
  }

  private func lints(of authorization: LinkerdServerAuthorization) -> [LinkerdLint] {
    var lints: [LinkerdLint] = []
    let reference = authorization.reference
    if !authorization.isUnauthenticated, authorization.networks.isEmpty,
      !isIngress(attachment.workloads(at: attachment.servers(of: authorization)))
    {
      lints += (authorization.meshTLS?.identities ?? []).filter { $0.value == "*" }.map {
        LinkerdLint(
          "L04", reference, "\(reference.text) admits identity \"*\": every meshed workload",
          at: $0.location)
      }
    }
    if authorization.serverName == nil, authorization.serverSelector?.isEmpty ?? true {
      lints.append(
        LinkerdLint(
          "L29", reference,
          "\(reference.text) names no Server and selects none by label: it holds for every Server of "
            + "namespace \(authorization.namespace)", at: authorization.location))
    }
    return lints
  }

  private func isIngress(_ workloads: [WorkloadID]) -> Bool {
    !workloads.isEmpty
      && workloads.allSatisfy {
        mesh.pods[$0]?.annotations[LinkerdInjection.annotation] == "ingress"
      }
  }

  /// L09: an identity that policies cannot tell apart.
  private func sharedAccounts() -> [LinkerdLint] {
    var workloads: [String: [WorkloadID]] = [:]
    for workload in mesh.inventoryWorkloads {
      workloads["\(workload.id.namespace)/\(workload.serviceAccount)", default: []]
        .append(workload.id)
    }
    return mesh.accountMentions().compactMap { mention in
      let account = mention.account
      if mention.name == "default" {
        return LinkerdLint(
          "L09", mention.subject,
          "\(mention.subject.text) grants to service account \"\(account)\", which every pod without "
            + "one of its own runs as", detail: account, at: mention.location)
      }
      let users = (workloads[account] ?? []).sorted()
      guard users.count > 1 else { return nil }
      let names = users.prefix(5).map(\.description).joined(separator: ", ")
      return LinkerdLint(
        "L09", mention.subject,
        "\(mention.subject.text) grants to service account \"\(account)\", which \(users.count) "
          + "workloads share: \(names)", detail: account, at: mention.location)
    }
  }

  /// L05: patterns and namespaces never admit a SPIFFE ID (linkerd2-proxy
  /// app/inbound/src/policy.rs, `is_tls_authorized`).
  private func spiffeClients() -> [LinkerdLint] {
    var clients: [String: LinkerdExternalWorkload] = [:]
    for workload in mesh.resources.externalWorkloads
    where workload.identity?.value.hasPrefix("spiffe://") ?? false {
      clients[workload.namespace] = clients[workload.namespace] ?? workload
    }
    var lints: [LinkerdLint] = []
    func check(_ identities: [Located<String>], _ subject: ResourceReference) {
      for identity in identities
      where identity.value.hasPrefix("spiffe://") && identity.value.contains("*") {
        lints.append(
          LinkerdLint(
            "L05", subject,
            "\(subject.text) names identity \"\(identity.value)\": a SPIFFE ID is compared as a whole, "
              + "so the pattern matches nobody", detail: identity.value, at: identity.location))
      }
    }
    for authentication in mesh.resources.meshTLSAuthentications {
      check(authentication.identities, authentication.reference)
      for reference in authentication.identityReferences
      where reference.names(group: "core", kind: "Namespace") {
        guard let client = clients[reference.name] else { continue }
        lints.append(
          LinkerdLint(
            "L05", authentication.reference,
            "\(authentication.reference.text) grants to namespace \"\(reference.name)\", which does not "
              + "admit \(client.reference.text) with its SPIFFE ID",
            detail: "namespace \(reference.name)", at: reference.location))
      }
    }
    for authorization in mesh.resources.serverAuthorizations {
      check(authorization.meshTLS?.identities ?? [], authorization.reference)
    }
    return lints
  }
}
