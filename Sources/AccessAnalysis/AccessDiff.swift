package import AuditModel
package import MeshModel

/// What a change of configuration does to access: for each source and destination what opens, what
/// closes, and which lines do it.
///
/// Computed over pairs of classes: sources that share a row before and a row after are compared once,
/// and so are destinations.
package struct AccessDiff: Sendable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Something is let through that was not.
    case opens
    case closes
    /// Some operations open and others close, or cannot be compared.
    case changes
    /// One side cannot be decided: kept apart, never taken for closed or unchanged.
    case unknown
  }

  /// A difference that holds for every one of `sources` at every one of `destinations`.
  package struct Change: Sendable {
    package var kind: Kind
    package var sources: [AccessGraph.Source]
    package var destinations: [AccessGraph.Destination]
    /// Nil where the source or the destination is not there.
    package var base: Reach?
    package var head: Reach?
    package var opened: [Reach.OperationSet]
    package var closed: [Reach.OperationSet]
    /// Whether `base` and `head` are those of the first source only, and others have other ones.
    package var variesBySource = false
    /// What was changed to bring this about, most telling first; at most three.
    package var causes: [Cause]

    package var pairCount: Int { sources.count * destinations.count }
  }

  /// A changed line.
  package struct Cause: Sendable, Hashable {
    package enum Action: String, Sendable, Hashable {
      case added
      case removed
      case changed
    }

    package var action: Action
    /// `AuthorizationPolicy agents/planner, rule 1`, or another resource.
    package var text: String
    /// In the head; for what is removed, where the rest of its policy stands, or nil.
    package var location: SourceLocation?
    /// In the base, for what is removed.
    package var baseLocation: SourceLocation?
  }

  /// Sorted by kind, then by destination and source.
  package var changes: [Change]

  package init(from base: AccessModel, to head: AccessModel) {
    self.init(
      from: base, graph: base.accessGraph(), to: head, graph: head.accessGraph())
  }

  /// - Parameters:
  ///   - baseGraph: the access graph of `base`.
  ///   - headGraph: the access graph of `head`.
  package init(
    from base: AccessModel, graph baseGraph: AccessGraph, to head: AccessModel,
    graph headGraph: AccessGraph
  ) {
    let before = GraphTable(baseGraph)
    let after = GraphTable(headGraph)
    let rows = before.sources.paired(with: after.sources)
    let columns = before.destinations.paired(with: after.destinations)
    var found: [Change] = []
    // Outcomes are few: each pair of them is compared once.
    var compared: [OutcomePair: Change?] = [:]
    for (sourcePair, sources) in rows {
      for (destinationPair, destinations) in columns {
        let pair = OutcomePair(
          base: before.outcome(sourcePair.base, destinationPair.base),
          head: after.outcome(sourcePair.head, destinationPair.head))
        if compared[pair] == nil {
          compared[pair] = AccessDiff.compare(before.reach(pair.base), after.reach(pair.head))
        }
        guard let change = compared[pair] ?? nil else { continue }
        var whole = change
        whole.sources = sources.sorted(by: AccessDiff.isBefore)
        whole.destinations = destinations.sorted {
          ($0.workload, $0.port) < ($1.workload, $1.port)
        }
        found.append(whole)
      }
    }
    let causes = found.isEmpty ? nil : ChangeCauses(base: base, head: head)
    for index in found.indices { found[index].causes = causes?.causes(of: found[index]) ?? [] }
    changes = AccessDiff.merged(found).sorted(by: AccessDiff.isBefore)
  }

  /// Nil when both let the same through.
  private static func compare(_ base: Reach?, _ head: Reach?) -> Change? {
    func change(
      _ kind: Kind, _ opened: [Reach.OperationSet] = [], _ closed: [Reach.OperationSet] = []
    ) -> Change {
      Change(
        kind: kind, sources: [], destinations: [], base: base, head: head, opened: opened,
        closed: closed, causes: [])
    }
    if isAlike(base, head) { return nil }
    let (before, after) = (OperationRegion(base), OperationRegion(head))
    guard let before, let after else {
      return before == nil && after == nil ? nil : change(.unknown)
    }
    let opened = after.beyond(before)
    let closed = before.beyond(after)
    switch (opened.isEmpty, closed.isEmpty) {
    case (true, true): return nil
    case (false, true): return change(.opens, opened)
    case (true, false): return change(.closes, [], closed)
    case (false, false): return change(.changes, opened, closed)
    }
  }

  /// Changes that open and close the same at the same destinations become one.
  private static func merged(_ changes: [Change]) -> [Change] {
    struct Key: Hashable {
      var kind: Kind
      var destinations: [AccessGraph.Destination]
      var opened: [Reach.OperationSet]
      var closed: [Reach.OperationSet]
      /// For what cannot be told: why.
      var reasons: [String?]
      var causes: [Cause]
    }
    var result: [Change] = []
    var indices: [Key: Int] = [:]
    for change in changes {
      let key = Key(
        kind: change.kind, destinations: change.destinations, opened: change.opened,
        closed: change.closed,
        reasons: change.kind == .unknown ? [change.base?.reason, change.head?.reason] : [],
        causes: change.causes)
      if let index = indices[key] {
        let known = result[index]
        result[index].variesBySource =
          known.variesBySource || !isAlike(known.base, change.base)
          || !isAlike(known.head, change.head)
        result[index].sources = (known.sources + change.sources).sorted(by: isBefore)
      } else {
        indices[key] = result.count
        result.append(change)
      }
    }
    return result
  }

  private static func isAlike(_ left: Reach?, _ right: Reach?) -> Bool {
    left?.outcome == right?.outcome && left?.operations == right?.operations
  }

  /// Callers that are nobody's workload come first: they are what a reader looks for.
  private static func isBefore(_ left: AccessGraph.Source, _ right: AccessGraph.Source) -> Bool {
    func rank(_ kind: AccessGraph.SourceKind) -> Int {
      switch kind {
      case .unauthenticated: 0
      case .outside: 1
      case .foreignTrustDomain: 2
      case .workload: 3
      }
    }
    return (rank(left.kind), left.name) < (rank(right.kind), right.name)
  }

  private static func isBefore(_ left: Change, _ right: Change) -> Bool {
    func rank(_ kind: Kind) -> Int { Kind.allCases.firstIndex(of: kind) ?? 0 }
    func key(_ change: Change) -> (Int, Int, String, Int, String) {
      let destination = change.destinations.first
      return (
        rank(change.kind), change.reachesTheUnknown ? 0 : 1,
        destination?.workload.description ?? "", destination?.port ?? 0,
        change.sources.map(\.name).joined(separator: " ")
      )
    }
    return key(left) < key(right)
  }
}

extension AccessDiff.Change {
  /// Whether callers without an identity of the mesh are among the sources.
  package var reachesTheUnknown: Bool {
    sources.contains { $0.kind == .unauthenticated || $0.kind == .outside }
  }
}

/// A graph that can be looked up by member.
private struct GraphTable {
  var sources: [AccessGraph.Source: Int]
  var destinations: [AccessGraph.Destination: Int]
  private let graph: AccessGraph

  init(_ graph: AccessGraph) {
    self.graph = graph
    sources = [:]
    destinations = [:]
    for (index, members) in graph.sourceClasses.enumerated() {
      for member in members { sources[member.withoutIdentity] = index }
    }
    for (index, members) in graph.destinationClasses.enumerated() {
      for member in members { destinations[member] = index }
    }
  }

  /// Nil where one of the two is not there.
  func outcome(_ source: Int?, _ destination: Int?) -> Int32? {
    guard let source, let destination else { return nil }
    return graph.outcome(source, destination)
  }

  func reach(_ outcome: Int32?) -> Reach? { outcome.map { graph.outcomes[Int($0)].reach } }
}

/// Places of the outcomes of one pair of classes before and after.
private struct OutcomePair: Hashable {
  var base: Int32?
  var head: Int32?
}

/// The class of a member before and after.
private struct ClassPair: Hashable {
  var base: Int?
  var head: Int?
}

extension [AccessGraph.Source: Int] {
  fileprivate func paired(with head: Self) -> [ClassPair: [AccessGraph.Source]] {
    pairs(self, head)
  }
}

extension [AccessGraph.Destination: Int] {
  fileprivate func paired(with head: Self) -> [ClassPair: [AccessGraph.Destination]] {
    pairs(self, head)
  }
}

private func pairs<Member: Hashable>(_ base: [Member: Int], _ head: [Member: Int])
  -> [ClassPair: [Member]]
{
  var result: [ClassPair: [Member]] = [:]
  for (member, index) in base {
    result[ClassPair(base: index, head: head[member]), default: []].append(member)
  }
  for (member, index) in head where base[member] == nil {
    result[ClassPair(base: nil, head: index), default: []].append(member)
  }
  return result
}

extension AccessGraph.Source {
  /// A workload is the same source under another identity.
  fileprivate var withoutIdentity: AccessGraph.Source {
    AccessGraph.Source(kind: kind, principal: nil, workload: workload)
  }
}
