import MeshModel

/// Places by id, each read once.
struct LocationCache {
  let runner: RuleRunner
  private var known: [Int64: SourceLocation?] = [:]

  init(runner: RuleRunner) { self.runner = runner }

  /// Reads those of `ids` that are not known yet, in one statement.
  mutating func load(_ ids: some Sequence<Int64>) throws(RuleEngineError) {
    let unknown = Set(ids).filter { known[$0] == nil }
    guard !unknown.isEmpty else { return }
    let result = try runner.rows(
      """
      select location_id, path, line, "column"
      from location
      where location_id in (select value from json_each(:ids))
      """, parameters: ["ids": .array(unknown.map { .int($0) })])
    for id in unknown { known[id] = .some(nil) }
    for row in result.rows {
      guard let id = row[0].integer, let path = row[1].text else { continue }
      known[id] = SourceLocation(
        path: path, line: Int(row[2].integer ?? 0), column: Int(row[3].integer ?? 0))
    }
  }

  /// Of a place that was loaded.
  subscript(_ id: Int64?) -> SourceLocation? {
    guard let id, case .some(let location) = known[id] else { return nil }
    return location
  }
}
