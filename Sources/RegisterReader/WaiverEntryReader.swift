import AuditModel
import DocumentReader
import MeshModel

/// Reads one waiver and reports everything that is wrong with it.
struct WaiverEntryReader {
  private let fields: FieldReader

  init(_ fields: FieldReader) { self.fields = fields }

  /// The waiver; nil when a part that it cannot do without is missing.
  ///
  /// The caller drops it as well when any problem was reported.
  func read(id: String) -> Waiver? {
    let rules = readRules()
    let maxMatches = readMaxMatches()
    let subject = readSubject(maxMatches: maxMatches)
    let fingerprint = fields.optional("fingerprint")
    let justification = fields.required(
      "justification", hint: "say why the risk is accepted, for whoever reads the report")
    let owner = fields.required("owner", hint: "say who mends the finding")
    let approvals = readApprovals(owner: owner?.value)
    let created = requiredDay("created", hint: "give the day on which it was approved")
    let expires = requiredDay("expires", hint: "a waiver without an end is not accepted")
    let compensating = fields.strings("compensating").map(\.value)
    let ticket = fields.string("ticket")?.value
    _ = fields.word("risk", as: Severity.self)
    _ = fields.duration("reviewEvery")
    readApplies()
    if let created, let expires, expires.value < created.value {
      fields.problem(
        "expires-before-created", "\(fields.name(of: "expires")) lies before \"created\"",
        at: expires.location, hint: "the waiver would never hold")
    }
    checkTarget(subject: subject)
    fields.reportUnknownFields()
    guard let justification, let owner, let created, let expires else { return nil }
    return Waiver(
      id: id, rules: rules, subject: subject, fingerprint: fingerprint?.value,
      maxMatches: maxMatches, justification: justification.value, compensating: compensating,
      ticket: ticket, owner: owner.value, approvals: approvals, created: created.value,
      expires: expires.value, location: fields.location)
  }

  private func readRules() -> [String] {
    let rules = fields.strings("rules")
    if isAbsentOrEmpty("rules") {
      fields.reportMissing("rules", hint: "list the exact ids of the rules, such as [LP-008]")
    }
    for rule in rules {
      if !RuleName.isExact(rule.value) {
        fields.problem(
          "waiver-not-exact",
          "\(fields.name(of: "rules")) has \"\(rule.value.prefix(80))\", which is no rule id",
          at: rule.location,
          hint: "name rules by their exact ids; packs and \"*\" cannot be waived")
      } else if !WaiverReader.isWaivable(rule.value) {
        fields.problem(
          "rule-not-waivable", "rule \(rule.value) cannot be waived", at: rule.location,
          hint: "mend what it finds; see docs/waivers.md for the rules that nobody can waive")
      }
    }
    return rules.map(\.value)
  }

  private func readMaxMatches() -> Int? {
    guard let count = fields.int("maxMatches") else { return nil }
    guard count.value >= 1 else {
      fields.problem(
        "out-of-range", "\(fields.name(of: "maxMatches")) is \(count.value)", at: count.location,
        hint: "expected 1 or more")
      return nil
    }
    return count.value
  }

  /// The subject as findings name it, from its text or from its parts.
  private func readSubject(maxMatches: Int?) -> String? {
    guard let node = fields.raw("subject") else { return nil }
    let text: String?
    if node.entries == nil {
      text = fields.optional("subject")?.value
    } else {
      text = readSubjectParts()
    }
    guard let text else { return nil }
    let star = text.firstIndex(of: "*")
    if let star, text.index(after: star) != text.endIndex {
      fields.problem(
        "waiver-not-exact", "\(fields.name(of: "subject")) has \"*\" elsewhere than at its end",
        at: node.location, hint: "only the end of a name can be left open")
    } else if star != nil, maxMatches == nil {
      fields.problem(
        "waiver-not-exact", "\(fields.name(of: "subject")) ends with \"*\" without \"maxMatches\"",
        at: node.location,
        hint: "say how many findings it may cover; with more, none of them is waived")
    } else if star == text.startIndex {
      fields.problem(
        "waiver-not-exact", "\(fields.name(of: "subject")) covers everything", at: node.location,
        hint: "name a subject as findings name it, such as \"workload agents/planner\"")
    }
    return text
  }

  /// `kind` and `name`, with `namespace` and `cluster` where the subject has them.
  private func readSubjectParts() -> String? {
    guard let parts = fields.object("subject") else { return nil }
    let kind = parts.required("kind", hint: "expected the first word of the finding's subject")
    let name = parts.required("name", hint: "expected the name of the finding's subject")
    let namespace = parts.string("namespace")
    let cluster = parts.string("cluster")
    if let pointer = parts.raw("pointer") {
      parts.problem(
        "waiver-not-exact", "\(parts.name(of: "pointer")) cannot be matched",
        at: pointer.location, hint: "give the \"fingerprint\" of the finding to waive only that one"
      )
    }
    parts.reportUnknownFields()
    if let part = [kind, namespace, cluster].lazy.compactMap(\.self).first(where: {
      $0.value.contains("*")
    }) {
      parts.problem(
        "waiver-not-exact", "\(parts.path) has \"*\" elsewhere than in \"name\"",
        at: part.location, hint: "only the end of a name can be left open")
      return nil
    }
    guard let kind, let name else { return nil }
    let path = [cluster?.value, namespace?.value, name.value].compactMap { $0 }
    return "\(kind.value) \(path.joined(separator: "/"))"
  }

  private func checkTarget(subject: String?) {
    switch (fields.raw("subject"), fields.raw("fingerprint")) {
    case (nil, nil):
      fields.reportMissing("subject", hint: "give \"subject\" or \"fingerprint\"")
    case (.some, let fingerprint?):
      fields.problem(
        "ambiguous-subject", "\(fields.path) has both \"subject\" and \"fingerprint\"",
        at: fingerprint.location, hint: "keep the one that says what is meant")
    default: break
    }
  }

  private func readApprovals(owner: String?) -> [Waiver.Approval] {
    let entries = fields.objects("approvedBy")
    if isAbsentOrEmpty("approvedBy") {
      fields.reportMissing(
        "approvedBy", hint: "say who accepts the risk; critical and high need two")
    }
    var names: Set<String> = []
    return entries.compactMap { entry in
      let name = entry.required("name", hint: "say who accepts the risk")
      let role = entry.string("role")?.value
      let day = entry.day("at")?.value.dayText
      entry.reportUnknownFields()
      guard let name else { return nil }
      let person = WaiverEntryReader.folded(name.value)
      if let owner, person == WaiverEntryReader.folded(owner) {
        entry.problem(
          "approver-is-owner",
          "\(entry.name(of: "name")) is \"\(name.value.prefix(80))\", the owner",
          at: name.location, hint: "somebody other than the owner accepts the risk")
      }
      if !names.insert(person).inserted {
        entry.problem(
          "duplicate-approver", "\"\(name.value.prefix(80))\" approves twice", at: name.location,
          hint: "two approvals are those of two people")
      }
      return Waiver.Approval(name: name.value, role: role, at: day)
    }
  }

  /// A waiver never hides anything from the report, and one that does not count at the gate would
  /// not be a waiver.
  private func readApplies() {
    guard let applies = fields.object("applies") else { return }
    for name in ["gate", "report"] {
      if let value = applies.bool(name), !value.value {
        applies.problem(
          "unknown-value", "\(applies.name(of: name)) is false", at: value.location,
          hint: name == "report"
            ? "waived findings stay in the report" : "remove the waiver instead")
      }
    }
    applies.reportUnknownFields()
  }

  private func isAbsentOrEmpty(_ list: String) -> Bool {
    fields.raw(list).map { $0.items?.isEmpty == true } ?? true
  }

  private func requiredDay(_ field: String, hint: String) -> Located<UTCTime>? {
    if fields.raw(field) == nil { fields.reportMissing(field, hint: hint) }
    return fields.day(field)
  }

  /// Names that differ in case and space only are one person's.
  private static func folded(_ name: String) -> String {
    name.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

/// Rule ids: a pack's prefix in capital letters, `-`, a number (`LP-008`); `MA-W01` has a letter
/// before it.
enum RuleName {
  static func isExact(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, (2...8).contains(parts[0].utf8.count),
      parts[0].utf8.allSatisfy({ (65...90).contains($0) })
    else { return false }
    let number = parts[1].first.map { $0 == "W" ? parts[1].dropFirst() : parts[1] } ?? ""
    return (2...6).contains(number.utf8.count) && number.utf8.allSatisfy { (48...57).contains($0) }
  }
}
