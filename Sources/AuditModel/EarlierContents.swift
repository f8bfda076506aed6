package import MeshModel

/// How the contents of a log go on from those that were counted before and start with the same line.
package struct EarlierContents: Codable, Sendable, Hashable {
  package enum Relation: String, Codable, Sendable, Hashable, CaseIterable {
    /// The same contents.
    case same
    /// They start with all that was counted and go on.
    case grown
    /// They end before the end of what was counted.
    case shortened
    /// They are as long and hold something else.
    case changed
  }

  package var relation: Relation
  /// As it was named when it was counted.
  package var path: String
  package var byteCount: Int
  /// The moment that the run spoke of which counted it.
  package var countedAt: UTCTime

  package init(relation: Relation, path: String, byteCount: Int, countedAt: UTCTime) {
    self.relation = relation
    self.path = path
    self.byteCount = byteCount
    self.countedAt = countedAt
  }
}
