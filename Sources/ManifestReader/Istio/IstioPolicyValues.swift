import DocumentReader
import MeshModel

/// Checks values of AuthorizationPolicy fields against what istiod accepts at admission (Istio
/// pkg/config/validation).
///
/// What is wrong is reported; it is still read, because the evaluator knows what a proxy makes of
/// it.
enum IstioPolicyValues {
  static func check(_ term: IstioAuthorizationPolicy.Term, _ fields: FieldReader) {
    for value in term.values + term.notValues {
      switch term.field {
      case .ports: port(value, fields)
      case .ipBlocks, .remoteIPBlocks: range(value, fields)
      case .paths: path(value, fields)
      case .serviceAccounts:
        if value.value.contains("*") {
          fields.problem(
            "wildcard-service-account", "service account \"\(value.value)\" has a wildcard",
            at: value.location,
            hint: "Istio refuses it; name the accounts as \"name\" or \"namespace/name\"")
        }
      case .principals, .namespaces, .trustDomains, .requestPrincipals, .hosts, .methods: break
      }
      if value.value.isEmpty {
        fields.problem(
          "empty-value", "an empty value in \(fields.path).\(term.field.rawValue)",
          at: value.location, hint: "Istio refuses empty values")
      }
    }
  }

  static func check(
    _ key: Located<String>, _ values: [Located<String>], _ fields: FieldReader
  ) {
    guard isKnown(key.value) else {
      fields.problem(
        "unknown-attribute", "condition on \"\(key.value)\", which Istio does not know",
        at: key.location,
        hint: "the proxy drops the whole rule, whatever its action; see the list of attributes in "
          + "Istio's reference › Authorization Policy Conditions")
      return
    }
    for value in values {
      switch key.value {
      case "destination.port": port(value, fields)
      case "source.ip", "remote.ip", "destination.ip": range(value, fields)
      default: break
      }
    }
  }

  private static func isKnown(_ key: String) -> Bool {
    switch key {
    case "source.ip", "remote.ip", "source.namespace", "source.serviceAccount", "source.principal",
      "source.trustDomain", "request.auth.principal", "request.auth.audiences",
      "request.auth.presenter", "destination.ip", "destination.port", "connection.sni":
      true
    default:
      ["request.headers[", "request.auth.claims[", "experimental.envoy.filters."].contains {
        key.hasPrefix($0) && key.hasSuffix("]")
      }
    }
  }

  private static func port(_ value: Located<String>, _ fields: FieldReader) {
    if let number = Int(value.value), (0...65535).contains(number) { return }
    fields.problem(
      "bad-port", "port \"\(value.value)\" is no number from 0 to 65535", at: value.location,
      hint: "ports are single numbers; ranges and names do not exist here")
  }

  private static func range(_ value: Located<String>, _ fields: FieldReader) {
    if AddressRange(value.value) != nil { return }
    fields.problem(
      "bad-address", "\"\(value.value)\" is neither an address nor a CIDR range",
      at: value.location, hint: "expected for example \"10.1.2.3\" or \"10.1.0.0/16\"")
  }

  private static func path(_ value: Located<String>, _ fields: FieldReader) {
    let text = value.value
    guard text.contains("{") || text.contains("}") else { return }
    let isSound = text.split(separator: "/").allSatisfy { segment in
      segment == "{*}" || segment == "{**}" || !(segment.contains("{") || segment.contains("}"))
    }
    if isSound, !text.replacingTemplates.contains("*") { return }
    fields.problem(
      "bad-path-template", "path \"\(text)\" is no valid template", at: value.location,
      hint: "{*} and {**} stand alone between slashes and go with no other wildcard")
  }
}

extension String {
  /// The text without `{*}` and `{**}`.
  fileprivate var replacingTemplates: String {
    split(separator: "/").filter { $0 != "{*}" && $0 != "{**}" }.joined(separator: "/")
  }
}
