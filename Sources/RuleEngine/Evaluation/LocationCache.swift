import MeshModel

/// Places by id, each read once.
struct LocationCache {
  let runner: RuleRunner
  private var known: [Int64: SourceLocation?] = [:]

  init(runner: RuleRunner) { self.runner = runner }

  subscript(_ id: Int64?) -> SourceLocation? {
    mutating get throws(RuleEngineError) {
      guard let id else { return nil }
      if let location = known[id] { return location }
      let result = try runner.rows(
        "select path, line, \"column\" from location where location_id = :id",
        parameters: ["id": .int(id)])
      var location: SourceLocation?
      if let row = result.rows.first, let path = row[0].text {
        location = SourceLocation(
          path: path, line: Int(row[1].integer ?? 0), column: Int(row[2].integer ?? 0))
      }
      known[id] = .some(location)
      return location
    }
  }
}
