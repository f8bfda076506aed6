import MeshModel

/// A service account that some authorization names.
struct LinkerdAccountMention {
  var subject: ResourceReference
  var namespace: String
  var name: String
  var location: SourceLocation

  /// `namespace/name`.
  var account: String { "\(namespace)/\(name)" }
}

extension LinkerdMesh {
  /// Every service account that an authorization names, as reference or as identity of this cluster.
  func accountMentions() -> [LinkerdAccountMention] {
    var mentions: [LinkerdAccountMention] = []
    for policy in resources.authorizationPolicies {
      for reference in policy.authentications ?? []
      where reference.names(group: "core", kind: "ServiceAccount") {
        mentions.append(
          LinkerdAccountMention(
            subject: policy.reference, namespace: reference.namespace ?? policy.namespace,
            name: reference.name, location: reference.location))
      }
    }
    for authentication in resources.meshTLSAuthentications {
      for reference in authentication.identityReferences
      where reference.names(group: "core", kind: "ServiceAccount") {
        mentions.append(
          LinkerdAccountMention(
            subject: authentication.reference,
            namespace: reference.namespace ?? authentication.namespace, name: reference.name,
            location: reference.location))
      }
      mentions += authentication.identities.compactMap {
        mention(of: $0, by: authentication.reference)
      }
    }
    for authorization in resources.serverAuthorizations {
      guard let meshTLS = authorization.meshTLS else { continue }
      mentions += meshTLS.serviceAccounts.map {
        LinkerdAccountMention(
          subject: authorization.reference, namespace: $0.namespace ?? authorization.namespace,
          name: $0.name, location: $0.location)
      }
      mentions += meshTLS.identities.compactMap { mention(of: $0, by: authorization.reference) }
    }
    return mentions
  }

  /// The service account of an exact identity of this cluster.
  private func mention(of identity: Located<String>, by subject: ResourceReference)
    -> LinkerdAccountMention?
  {
    let parts = identity.value.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
      .map(String.init)
    guard parts.count == 3, !parts[0].contains("*"), !parts[0].isEmpty,
      settings.identity(serviceAccount: parts[0], namespace: parts[1]) == identity.value
    else { return nil }
    return LinkerdAccountMention(
      subject: subject, namespace: parts[1], name: parts[0], location: identity.location)
  }
}
