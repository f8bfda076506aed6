import AuditModel
package import DocumentReader
package import MeshModel

/// Reads `meshaudit.yaml`.
///
/// Keys are the long options of `meshaudit audit`; an unknown key is an error, because a misspelt
/// option would quietly weaken the gate.
package enum RunConfigurationReader {
  /// Whether a document is a run configuration: it carries `meshaudit: 1`.
  package static func recognises(_ node: DocumentNode) -> Bool {
    node["meshaudit"] != nil && node["kind"] == nil
  }

  /// The configuration in `node`; options that could not be read are reported and stay absent.
  ///
  /// A configuration with problems is not to be run with: the caller looks at `sink`.
  package static func read(_ node: DocumentNode, into sink: DiagnosticSink) -> RunConfiguration {
    let fields = FieldReader(node, sink: sink)
    fields.checkFormatVersion("meshaudit")
    var configuration = RunConfiguration(location: node.location)
    configuration.paths = names("paths", in: fields)
    configuration.asOf = fields.time("as-of")
    configuration.failOn = gate(in: fields)
    configuration.packs = names("packs", in: fields)
    configuration.skipRules = ruleIDs("skip-rules", in: fields)
    configuration.rules = rules(in: fields)
    configuration.rulesDirectory = fields.optional("rules-directory")
    configuration.output = fields.optional("output")
    configuration.database = fields.optional("database")
    configuration.formats = names("formats", in: fields)
    configuration.cluster = fields.optional("cluster")?.value
    configuration.istioVersion = version("istio-version", in: fields)
    configuration.linkerdVersion = version("linkerd-version", in: fields)
    configuration.logFormat = fields.optional("log-format")
    configuration.certificateColumns = texts("certificate-columns", in: fields)
    configuration.addresses = fields.word("addresses", as: RunConfiguration.Addresses.self)?.value
    configuration.addressKey = keyPath("address-key", in: fields)
    configuration.minimumCoverage = coverage(in: fields)
    configuration.junitDialect =
      fields.word(
        "junit-dialect", as: RunConfiguration.JUnitDialect.self)?.value
    configuration.baseline = fields.optional("baseline")
    configuration.waivers = names("waivers", in: fields)
    configuration.register = fields.optional("register")
    configuration.signingKey = keyPath("signing-key", in: fields)
    configuration.keep = retention(in: fields)
    configuration.exitZero = fields.bool("exit-zero")?.value
    configuration.quiet = fields.bool("quiet")?.value
    configuration.progress = fields.word("progress", as: RunConfiguration.Progress.self)?.value
    fields.reportUnknownFields()
    return configuration
  }

  /// A list of names, each at most once; a single name may stand without brackets.
  private static func names(_ field: String, in fields: FieldReader) -> [Located<String>] {
    guard let node = fields.raw(field) else { return [] }
    let names = node.scalar == nil ? fields.strings(field) : fields.string(field).map { [$0] } ?? []
    var seen: Set<String> = []
    return names.filter { name in
      if name.value.isEmpty {
        fields.problem(
          "missing-field", "\(fields.name(of: field)) has an empty entry", at: name.location,
          hint: "remove it")
        return false
      }
      guard seen.insert(name.value).inserted else {
        fields.problem(
          "duplicate-value", "\(fields.name(of: field)) has \"\(name.value.prefix(80))\" twice",
          at: name.location, hint: "remove one of them")
        return false
      }
      return true
    }
  }

  private static func ruleIDs(_ field: String, in fields: FieldReader) -> [Located<String>] {
    names(field, in: fields).filter { checkRuleID($0, called: field, in: fields) }
  }

  private static func checkRuleID(
    _ id: Located<String>, called field: String, in fields: FieldReader
  ) -> Bool {
    if RuleName.isExact(id.value) { return true }
    fields.problem(
      "invalid-rule-id", "\(field) has \"\(id.value.prefix(80))\", which is no rule id",
      at: id.location,
      hint: "expected an id such as \"LP-001\"; \"meshaudit rules list\" lists them")
    return false
  }

  private static func gate(in fields: FieldReader) -> RunConfiguration.Gate? {
    guard let text = fields.string("fail-on") else { return nil }
    if let gate = RunConfiguration.Gate(text.value) { return gate }
    fields.problem(
      "unknown-value", "fail-on is \"\(text.value.prefix(40))\"", at: text.location,
      hint: "expected one of \"critical\", \"high\", \"medium\", \"low\", \"info\", \"none\"")
    return nil
  }

  private static func rules(in fields: FieldReader) -> [String: RunConfiguration.RuleSettings] {
    guard let part = fields.object("rules") else { return [:] }
    var rules: [String: RunConfiguration.RuleSettings] = [:]
    for entry in part.node.entries ?? [] {
      let id = Located(entry.key, at: entry.keyLocation)
      guard checkRuleID(id, called: "rules", in: fields), let rule = part.object(entry.key) else {
        continue
      }
      let severity = rule.word("severity", as: Severity.self)?.value
      let parameters = (entry.value.entries ?? []).filter { $0.key != "severity" }
      rules[entry.key] = RunConfiguration.RuleSettings(
        severity: severity,
        parameters: parameters.map {
          .init(name: $0.key, value: $0.value.json, location: $0.value.location)
        },
        location: entry.keyLocation)
    }
    return rules
  }

  /// A map of names to texts.
  private static func texts(_ field: String, in fields: FieldReader) -> [String: String] {
    guard let part = fields.object(field) else { return [:] }
    var texts: [String: String] = [:]
    for entry in part.node.entries ?? [] { texts[entry.key] = part.string(entry.key)?.value }
    part.reportUnknownFields()
    return texts
  }

  /// `1.27` or `1.27.3`; a version written as a number (`1.20` reads as 1.2) is refused.
  private static func version(_ field: String, in fields: FieldReader) -> Located<String>? {
    guard let text = fields.optional(field) else { return nil }
    let parts = text.value.split(separator: ".", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count),
      parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } })
    else {
      fields.problem(
        "unknown-value", "\(fields.name(of: field)) is \"\(text.value.prefix(40))\"",
        at: text.location, hint: "expected a version in quotes such as \"1.27\"")
      return nil
    }
    return text
  }

  private static func coverage(in fields: FieldReader) -> Double? {
    guard let share = fields.number("minimum-coverage") else { return nil }
    guard (0...1).contains(share.value) else {
      fields.problem(
        "out-of-range", "minimum-coverage is \(share.value)", at: share.location,
        hint: "expected a share from 0 to 1, such as 0.95")
      return nil
    }
    return share.value
  }

  /// A key that stands in the file itself is refused without quoting it.
  private static func keyPath(_ field: String, in fields: FieldReader) -> Located<String>? {
    guard let key = fields.optional(field) else { return nil }
    guard !key.value.contains("-----BEGIN"), !key.value.contains(where: \.isNewline) else {
      fields.problem(
        "secret-in-configuration", "\(field) holds a key", at: key.location,
        hint: "give the path of the key file, and make a new key: this one has been written down")
      return nil
    }
    return key
  }

  private static func retention(in fields: FieldReader) -> RunConfiguration.Retention {
    guard let part = fields.object("keep") else { return RunConfiguration.Retention() }
    var retention = RunConfiguration.Retention()
    retention.runs = positive("runs", in: part)
    retention.trafficDays = positive("traffic-days", in: part)
    part.reportUnknownFields()
    return retention
  }

  private static func positive(_ field: String, in fields: FieldReader) -> Int? {
    guard let count = fields.int(field) else { return nil }
    guard count.value >= 1 else {
      fields.problem(
        "out-of-range", "\(fields.name(of: field)) is \(count.value)", at: count.location,
        hint: "expected 1 or more")
      return nil
    }
    return count.value
  }
}
