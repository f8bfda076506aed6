package import MeshModel

/// What `meshaudit gate` was asked to do.
package struct GateOptions: Sendable {
  /// A file, a folder, or a revision of the repository that holds `head`.
  package var base: String
  package var head: String
  /// Inputs of both sides, access logs among them.
  package var paths: [String] = []
  /// Observed requests of earlier runs.
  package var database: String?
  /// Nil: `GateCondition.standard`, of which those whose input is missing are left open.
  package var failOn: [GateCondition]?
  package var asOf: UTCTime?
  package var packs: [String] = []
  package var onlyRules: [String] = []
  package var skipRules: [String] = []
  package var rulesDirectory: String?
  package var istioVersion: String?
  package var linkerdVersion: String?
  package var logFormats: [String] = []

  var conditions: [GateCondition] { failOn ?? GateCondition.standard }

  package init(base: String, head: String) {
    self.base = base
    self.head = head
  }
}
