/// A folder of rules with a title of its own (`rules/<pack>/pack.yaml`).
package struct RulePack: Sendable, Hashable {
  /// Its folder's name, `least-privilege`.
  package var id: String
  package var title: String
  package var description: String

  package init(id: String, title: String, description: String) {
    self.id = id
    self.title = title
    self.description = description
  }
}
