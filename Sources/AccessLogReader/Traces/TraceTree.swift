import MeshModel

/// The spans of one trace, each once, with the one above it.
struct TraceTree {
  private(set) var nodes: [TraceTraffic.Node] = []
  private var parents: [Int?] = []
  private var children: [[Int]] = []
  /// A trace that is deeper than this is a loop or an attack.
  private static let deepest = 256

  /// - Parameter repeated: counts spans that are in `all` more than once, as overlapping exports have
  ///   them.
  init(_ all: [TraceTraffic.Node], repeated: inout Int) {
    struct Key: Hashable {
      var id: String
      var kind: TraceSpan.Kind
    }
    var seen: [Key: Int] = [:]
    // By time and id, so that nothing depends on the order of files.
    let ordered = all.sorted {
      ($0.span.start, $0.span.id, TraceTree.rank($0), $0.span.parent)
        < ($1.span.start, $1.span.id, TraceTree.rank($1), $1.span.parent)
    }
    for node in ordered {
      let key = Key(id: node.span.id, kind: node.span.kind)
      guard seen[key] == nil else {
        repeated += 1
        continue
      }
      seen[key] = nodes.count
      nodes.append(node)
    }
    parents = nodes.map { node in
      let span = node.span
      // Zipkin's shared spans: the server's span has the id of the client's (Zipkin B3, shared spans).
      if span.kind == .server, let shared = seen[Key(id: span.id, kind: .client)] { return shared }
      guard !span.parent.isEmpty, span.parent != span.id else { return nil }
      for kind in [TraceSpan.Kind.server, .other, .client] {
        if let parent = seen[Key(id: span.parent, kind: kind)] { return parent }
      }
      return nil
    }
    children = Array(repeating: [], count: nodes.count)
    for (index, parent) in parents.enumerated() {
      if let parent { children[parent].append(index) }
    }
  }

  private static func rank(_ node: TraceTraffic.Node) -> Int {
    switch node.span.kind {
    case .client: 0
    case .server: 1
    case .other: 2
    }
  }

  /// Whether a server's span is where a call came in, and not one within the called: the application's
  /// span below its proxy's.
  func isCall(_ index: Int) -> Bool {
    guard let parent = parents[index] else { return true }
    return nodes[parent].span.kind == .client || nodes[parent].party != nodes[index].party
  }

  /// Who made the call of a server's span, nil when nothing is above it.
  func caller(of index: Int) -> ObservedParty? {
    parents[index].map { nodes[$0].party }
  }

  /// Whether a client's span has its server's below it: in another's process, or a server's directly.
  func isAnswered(_ index: Int) -> Bool {
    reaches(index) { nodes[$0].span.kind == .server }
  }

  /// Whether a client's span of the same process is below: the proxy's below the application's.
  func hasClientBelow(_ index: Int) -> Bool {
    reaches(index) {
      nodes[$0].span.kind == .client && nodes[$0].party == nodes[index].party
    }
  }

  private func reaches(_ index: Int, _ isFound: (Int) -> Bool) -> Bool {
    var open = children[index]
    var steps = 0
    while let next = open.popLast(), steps < TraceTree.deepest {
      steps += 1
      if isFound(next) { return true }
      open += children[next]
    }
    return false
  }

  /// The parties from the first caller that is known to the called, one after the other.
  ///
  /// A party that calls itself is one hop.
  func hops(to index: Int) -> [ObservedParty] {
    var hops: [ObservedParty] = []
    var place: Int? = index
    var steps = 0
    while let current = place, steps < TraceTree.deepest {
      steps += 1
      let party = nodes[current].party
      // Nobody knows who is above; what is below is a chain of its own.
      guard party != ObservedParty() else { break }
      if hops.last != party { hops.append(party) }
      place = parents[current]
    }
    return hops.reversed()
  }
}
