import DocumentReader

/// What the user means by a name on the command line, among the names that the inputs know.
struct WorkloadNames {
  /// `namespace/name`, or a word for a source that is no workload.
  let known: [String]

  /// The one that is meant, with or without its namespace.
  func one(_ text: String) throws(PipelineError) -> String {
    if known.contains(text) { return text }
    let named = known.filter { WorkloadNames.bare($0) == text }
    if named.count == 1 { return named[0] }
    throw unknown(text, named)
  }

  /// All that are meant: the one of this name, else those whose names begin with it.
  func all(_ text: String) throws(PipelineError) -> Set<String> {
    if known.contains(text) { return [text] }
    let beginning = known.filter { $0.hasPrefix(text) }
    return beginning.isEmpty ? [try one(text)] : Set(beginning)
  }

  private static func bare(_ name: String) -> String {
    name.split(separator: "/").last.map(String.init) ?? name
  }

  private func unknown(_ text: String, _ named: [String]) -> PipelineError {
    let near = named.isEmpty ? nearest(text) : named
    return PipelineError(
      .usage, "there is no workload \"\(text)\"",
      hint: near.isEmpty
        ? "name it as \"namespace/name\"; `meshaudit access` lists workloads"
        : "did you mean \(near.map { "\"\($0)\"" }.joined(separator: " or "))?")
  }

  /// At most three that differ by a slip of the keyboard, or in the namespace alone.
  private func nearest(_ text: String) -> [String] {
    let wanted = WorkloadNames.bare(text)
    let scored = known.map { name -> (name: String, distance: Int) in
      let bare = WorkloadNames.bare(name)
      let distance =
        bare == wanted
        ? 0 : min(EditDistance.between(text, name), EditDistance.between(wanted, bare))
      return (name, distance)
    }
    return scored.filter { $0.distance <= max(wanted.utf8.count / 3, 1) }
      .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
      .prefix(3).map(\.name)
  }
}
