/// Who can be reached through others: the callee of one call is the caller of the next.
///
/// Whether a workload passes on what it was asked is not known; that it may call is.
package struct TransitiveReach: Sendable {
  /// The shortest way from a source to a destination, first by name among equals.
  package struct Path: Sendable, Hashable {
    /// Source first, destination last.
    package var steps: [String]

    package var hopCount: Int { steps.count - 1 }
  }

  private let callees: [String: [String]]

  /// - Parameter calls: who may call whom, by name; a called workload has the name of the calling one.
  package init(calls: some Sequence<(source: String, destination: String)>) {
    var callees: [String: Set<String>] = [:]
    for (source, destination) in calls where source != destination {
      callees[source, default: []].insert(destination)
    }
    self.callees = callees.mapValues { $0.sorted() }
  }

  /// Everything that `source` reaches in at most `hopLimit` calls, nearest first.
  ///
  /// Cost: linear in the calls of what is reached.
  package func paths(from source: String, hopLimit: Int) -> [Path] {
    var previous: [String: String] = [source: source]
    var order: [String] = []
    var front = [source]
    for _ in 0..<max(hopLimit, 0) {
      var next: [String] = []
      for caller in front {
        for callee in callees[caller] ?? [] where previous[callee] == nil {
          previous[callee] = caller
          next.append(callee)
        }
      }
      if next.isEmpty { break }
      order += next
      front = next
    }
    return order.map { destination in
      var steps = [destination]
      var step = destination
      while step != source, let caller = previous[step] {
        steps.append(caller)
        step = caller
      }
      return Path(steps: steps.reversed())
    }
  }
}
