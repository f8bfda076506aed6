/// A law or standard with its controls, as data (`rules/frameworks/*.yaml`).
package struct Framework: Codable, Sendable, Hashable {
  package var id: String
  package var title: String
  package var edition: String
  package var source: String
  package var controls: [Control]

  package init(id: String, title: String, edition: String, source: String, controls: [Control]) {
    self.id = id
    self.title = title
    self.edition = edition
    self.source = source
    self.controls = controls
  }
}

/// One provision or control and the rules that bear on it.
package struct Control: Codable, Sendable, Hashable {
  /// How the evidence of a rule bears on the control.
  ///
  /// Never "complies".
  package enum Effect: String, Codable, Sendable, Hashable, CaseIterable {
    /// A pass supports it.
    case supports
    /// A failure contradicts it.
    case contradicts
    /// Shows only that a document is present or absent.
    case documents
  }

  package struct Mapping: Codable, Sendable, Hashable {
    package var ruleID: String
    package var effects: [Effect]

    package init(ruleID: String, effects: [Effect]) {
      self.ruleID = ruleID
      self.effects = effects
    }
  }

  /// From when the provision applies, by the route on which a system is high-risk.
  package struct Application: Codable, Sendable, Hashable {
    /// `annex-iii`, `annex-i`, or empty for every route.
    package var route: String
    /// A day, `2027-12-02`.
    package var from: String
    package var note: String?
    /// Only systems that were placed on the market before this day; nil for all.
    package var placedBefore: String?

    package init(route: String, from: String, note: String? = nil, placedBefore: String? = nil) {
      self.route = route
      self.from = from
      self.note = note
      self.placedBefore = placedBefore
    }
  }

  /// `ac-6`, `art-12-1`.
  package var id: String
  /// As it is cited, `AC-6`, `Article 12(1)`.
  package var label: String
  package var title: String
  /// Who it binds: `provider`, `deployer`, or empty.
  package var roles: [String]
  package var appliesFrom: [Application]
  package var mappings: [Mapping]
  package var source: String?

  package init(
    id: String, label: String, title: String, roles: [String] = [],
    appliesFrom: [Application] = [], mappings: [Mapping] = [], source: String? = nil
  ) {
    self.id = id
    self.label = label
    self.title = title
    self.roles = roles
    self.appliesFrom = appliesFrom
    self.mappings = mappings
    self.source = source
  }
}
