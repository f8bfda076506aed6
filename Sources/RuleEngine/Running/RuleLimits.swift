/// What one rule may use.
package struct RuleLimits: Sendable {
  /// Wall clock for one statement.
  package var time: Duration
  /// Rows that are read; what lies beyond is cut and said so.
  package var rowCount: Int
  /// Bytes of the statement.
  package var sqlByteCount: Int
  /// Bytes of one text or row, also inside SQLite's functions.
  package var valueByteCount: Int

  package init(
    time: Duration = .seconds(5), rowCount: Int = 100_000, sqlByteCount: Int = 64 << 10,
    valueByteCount: Int = 4 << 20
  ) {
    self.time = time
    self.rowCount = rowCount
    self.sqlByteCount = sqlByteCount
    self.valueByteCount = valueByteCount
  }

  package static let standard = RuleLimits()
}

extension RuleLimits {
  /// For a person who waits: `meshaudit query`.
  package static let query = RuleLimits(time: .seconds(60), rowCount: 1_000_000)
}
