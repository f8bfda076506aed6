import DocumentReader
import MeshModel

/// Reads Istio `AuthorizationPolicy` of every version; v1 and v1beta1 have the same fields.
enum IstioAuthorizationPolicyDecoder: ResourceDecoder {
  static let kinds = [IstioDecoders.security("AuthorizationPolicy")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    let provider = spec.object("provider")
    let attachment = IstioAttachmentReader.attachment(spec)
    let rules = spec.objects("rules").map(rule)
    let action = spec.word("action", as: IstioAuthorizationPolicy.Action.self)
    let isActionReadable = action != nil || !spec.has("action") || spec.raw("action") == nil
    let providerName = provider?.string("name")
    provider?.reportUnknownFields()
    spec.reportUnknownFields()
    // An action that the API does not know is refused at admission: the policy does not exist.
    guard isActionReadable else { return }
    let policy = IstioAuthorizationPolicy(
      metadata: object.metadata, attachment: attachment, action: action?.value ?? .allow,
      rules: rules, provider: providerName)
    check(policy, spec)
    contents.inventory.istio.authorizationPolicies.append(policy)
  }

  private static func rule(_ fields: FieldReader) -> IstioAuthorizationPolicy.Rule {
    let sources = fields.objects("from").map {
      clause($0, "source", IstioAuthorizationPolicy.Field.ofSources)
    }
    let operations = fields.objects("to").map {
      clause($0, "operation", IstioAuthorizationPolicy.Field.ofOperations)
    }
    let conditions = fields.objects("when").compactMap(condition)
    fields.reportUnknownFields()
    return IstioAuthorizationPolicy.Rule(
      sources: sources, operations: operations, conditions: conditions, location: fields.location)
  }

  private static func clause(
    _ holder: FieldReader, _ name: String, _ fields: [IstioAuthorizationPolicy.Field]
  ) -> IstioAuthorizationPolicy.Clause {
    defer { holder.reportUnknownFields() }
    guard let object = holder.object(name) else {
      holder.problem(
        "empty-clause", "\(holder.path) has no \"\(name)\"", at: holder.location,
        hint: "write what it restricts, or leave the whole entry out")
      return .init(terms: [], location: holder.location)
    }
    var terms: [IstioAuthorizationPolicy.Term] = []
    for field in fields {
      let term = IstioAuthorizationPolicy.Term(
        field: field, values: object.strings(field.rawValue),
        notValues: object.strings(field.negatedName))
      if !term.values.isEmpty || !term.notValues.isEmpty {
        IstioPolicyValues.check(term, object)
        terms.append(term)
      }
    }
    object.reportUnknownFields()
    return .init(terms: terms, location: object.location)
  }

  private static func condition(_ fields: FieldReader) -> IstioAuthorizationPolicy.Condition? {
    defer { fields.reportUnknownFields() }
    let values = fields.strings("values")
    let notValues = fields.strings("notValues")
    guard let key = fields.string("key") else {
      fields.problem(
        "missing-key", "\(fields.path) has no \"key\"", at: fields.location,
        hint: "name the attribute, for example \"source.namespace\"")
      return nil
    }
    if values.isEmpty, notValues.isEmpty {
      fields.problem(
        "empty-condition", "condition \"\(key.value)\" has neither values nor notValues",
        at: key.location, hint: "it restricts nothing; Istio refuses the policy")
    }
    IstioPolicyValues.check(key, values + notValues, fields)
    return .init(key: key, values: values, notValues: notValues)
  }

  private static func check(_ policy: IstioAuthorizationPolicy, _ spec: FieldReader) {
    if policy.rules.isEmpty, policy.action == .deny || policy.action == .custom {
      spec.problem(
        "no-rules",
        "\(policy.reference.text) has action \(policy.action.rawValue) but no rules",
        at: policy.location, hint: "it never matches; write at least one rule")
    }
    if policy.action == .custom, policy.provider == nil {
      spec.problem(
        "missing-provider", "\(policy.reference.text) has action CUSTOM but no provider",
        at: policy.location, hint: "name an extension provider of MeshConfig")
    }
    if let text = policy.metadata.annotations["istio.io/dry-run"], !isGoBool(text) {
      spec.problem(
        "dry-run-value", "annotation istio.io/dry-run is \"\(text)\"", at: policy.location,
        hint: "expected \"true\" or \"false\"; Istio takes other values as false")
    }
  }

  /// What Go's `strconv.ParseBool` reads.
  private static func isGoBool(_ text: String) -> Bool {
    ["1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"]
      .contains(text)
  }
}
