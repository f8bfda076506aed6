import AccessAnalysis
import MeshModel

/// A suggested policy as YAML, with what it stands on in comments.
enum SuggestionYAML {
  static func text(_ policy: SuggestedPolicy) -> String {
    var lines = [
      "# Suggested by meshaudit for \(comment(policy.workload.description)), from "
        + "\(policy.requestCount) observed requests",
      "# on \(policy.dayCount) days between \(policy.firstSeen.dayText) and "
        + "\(policy.lastSeen.dayText). What was not observed then is not granted:",
      "# look for rare callers (monthly jobs, failover) before it is applied.",
    ]
    for reference in policy.replaced {
      let keeps = reference.name == policy.name
      lines.append(
        "# Takes the place of \(comment(reference.text))" + (keeps ? "." : "; delete that one."))
    }
    lines += [
      "apiVersion: security.istio.io/v1", "kind: AuthorizationPolicy", "metadata:",
      "  name: \(quoted(policy.name))", "  namespace: \(quoted(policy.workload.namespace))",
      "spec:",
      "  selector:", "    matchLabels:",
    ]
    for (name, value) in policy.labels.sorted(by: { $0.key < $1.key }) {
      lines.append("      \(quoted(name)): \(quoted(value))")
    }
    lines += ["  action: ALLOW", "  rules:"]
    for rule in policy.rules { lines += self.lines(of: rule) }
    return lines.joined(separator: "\n") + "\n"
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

  /// Double-quoted YAML is JSON for what is written here (YAML 1.2.2, section 1.3).
  private static func quoted(_ text: String) -> String {
    var result = ""
    JSONValue.writeString(text, to: &result)
    return result
  }

  /// Names of Kubernetes hold no line breaks; one that does must not end the comment.
  private static func comment(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
  }
}
