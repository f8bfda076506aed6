package import MeshModel

/// A suggested policy as YAML, with what it stands on in comments.
package enum SuggestionYAML {
  package static func text(_ policy: SuggestedPolicy) -> String {
    documents(policy).joined(separator: "---\n")
  }

  /// One text for each of `SuggestedPolicy.written`; the first says what all of them stand on.
  ///
  /// - Parameter isMerged: what they take the place of goes by itself.
  package static func documents(_ policy: SuggestedPolicy, isMerged: Bool = false) -> [String] {
    var documents: [[String]] = []
    switch policy.form {
    case .selector(let labels):
      let selector =
        ["  selector:", "    matchLabels:"] + labelLines(labels, indent: "      ")
      documents = [istioHead(policy) + selector + rules(policy)]
    case .services(let names):
      let targets = names.flatMap {
        ["  - group: \"\"", "    kind: Service", "    name: \(quoted($0))"]
      }
      documents = [istioHead(policy) + ["  targetRefs:"] + targets + rules(policy)]
    case .servers(let servers):
      documents = servers.flatMap {
        LinkerdSuggestionYAML($0, namespace: policy.workload.namespace).documents
      }
    }
    if !documents.isEmpty { documents[0] = heading(policy, isMerged: isMerged) + documents[0] }
    return documents.map { $0.joined(separator: "\n") + "\n" }
  }

  private static func heading(_ policy: SuggestedPolicy, isMerged: Bool) -> [String] {
    var lines = [
      "# Suggested by meshaudit for \(comment(policy.workload.description)), from "
        + "\(policy.requestCount) observed requests",
      "# on \(policy.dayCount) days between \(policy.firstSeen.dayText) and "
        + "\(policy.lastSeen.dayText). What was not observed then is not granted:",
      "# look for rare callers (monthly jobs, failover) before it is applied.",
    ]
    let written = Set(policy.written)
    for reference in policy.replaced {
      lines.append(
        "# Takes the place of \(comment(reference.text))"
          + (isMerged || written.contains(reference) ? "." : "; delete that one."))
    }
    lines += policy.untouched.map { "# Not called, and left as it is: \(comment($0))." }
    return lines
  }

  // MARK: Istio

  private static func istioHead(_ policy: SuggestedPolicy) -> [String] {
    [
      "apiVersion: security.istio.io/v1", "kind: AuthorizationPolicy", "metadata:",
      "  name: \(quoted(policy.name))", "  namespace: \(quoted(policy.workload.namespace))",
      "spec:",
    ]
  }

  private static func rules(_ policy: SuggestedPolicy) -> [String] {
    ["  action: ALLOW", "  rules:"] + policy.rules.flatMap(lines)
  }

  private static func lines(of rule: SuggestedPolicy.Rule) -> [String] {
    var lines = [
      "  # \(rule.requestCount) requests, \(rule.firstSeen.dayText) to \(rule.lastSeen.text)"
    ]
    if rule.principals.isEmpty {
      lines.append("  # Callers without an identity: give them one, then name them here.")
      lines.append("  - to:")
    } else {
      lines += ["  - from:", "    - source:", "        principals:"]
      lines += rule.principals.map { "        - \(quoted($0))" }
      lines.append("    to:")
    }
    for operation in rule.operations {
      lines += ["    - operation:", "        ports: [\(quoted(String(operation.port)))]"]
      if !operation.methods.isEmpty {
        lines.append("        methods: [\(operation.methods.map(quoted).joined(separator: ", "))]")
      }
      if !operation.paths.isEmpty {
        lines.append("        paths:")
        lines += operation.paths.map { "        - \(quoted($0))" }
      }
    }
    return lines
  }

  // MARK: Text

  static func labelLines(_ labels: [String: String], indent: String) -> [String] {
    labels.sorted { $0.key < $1.key }.map { "\(indent)\(quoted($0.key)): \(quoted($0.value))" }
  }

  /// Double-quoted YAML is JSON for what is written here (YAML 1.2.2, section 1.3).
  static func quoted(_ text: String) -> String {
    var result = ""
    JSONValue.writeString(text, to: &result)
    return result
  }

  /// Names of Kubernetes hold no line breaks; one that does must not end the comment.
  static func comment(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
  }
}

extension SuggestedPolicy {
  /// The resources that its text makes, in the order of the text.
  package var written: [ResourceReference] {
    func reference(_ group: String, _ kind: String, _ name: String) -> ResourceReference {
      ResourceReference(
        kind: ResourceKind(group: group, kind: kind), namespace: workload.namespace, name: name)
    }
    guard case .servers(let servers) = form else {
      return [reference("security.istio.io", "AuthorizationPolicy", name)]
    }
    let group = "policy.linkerd.io"
    return servers.flatMap { server -> [ResourceReference] in
      var result = [reference(group, "Server", server.name)]
      for route in server.routes {
        if !route.matches.isEmpty { result.append(reference(group, "HTTPRoute", route.name)) }
        for grant in route.grants {
          let kind = grant.networks.isEmpty ? "MeshTLSAuthentication" : "NetworkAuthentication"
          result.append(reference(group, kind, grant.name))
          result.append(reference(group, "AuthorizationPolicy", grant.name))
        }
      }
      if !server.probePaths.isEmpty {
        for kind in ["HTTPRoute", "NetworkAuthentication", "AuthorizationPolicy"] {
          result.append(reference(group, kind, server.probeName))
        }
      }
      return result
    }
  }
}

extension SuggestedServer {
  var probeName: String { "\(name)-probes" }
}
