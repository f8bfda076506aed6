package import MeshModel

/// Who may call what, over classes: sources that no policy tells apart share a row, destinations
/// that the same policies govern share a column.
///
/// A reach holds for every member of both classes.
package struct AccessGraph: Sendable {
  /// What a source is.
  package enum SourceKind: String, Sendable, Hashable, CaseIterable {
    /// A workload of the inventory under its own identity.
    case workload
    /// Any pod of the cluster that shows no identity (plaintext).
    case unauthenticated
    /// An address outside the cluster.
    case outside
    /// Any identity of a trust domain that is not the mesh's.
    case foreignTrustDomain = "foreign-trust-domain"
  }

  package struct Source: Sendable, Hashable {
    package var kind: SourceKind
    package var principal: String?
    package var workload: WorkloadID?

    package init(kind: SourceKind, principal: String? = nil, workload: WorkloadID? = nil) {
      self.kind = kind
      self.principal = principal
      self.workload = workload
    }

    /// How reports name it: `agents/planner`, `unauthenticated`, `outside` and so on.
    package var name: String { workload?.description ?? kind.rawValue }
  }

  package struct Destination: Sendable, Hashable {
    package var workload: WorkloadID
    package var port: Int

    package init(workload: WorkloadID, port: Int) {
      self.workload = workload
      self.port = port
    }
  }

  package struct Edge: Sendable, Hashable {
    package var sourceClass: Int
    package var destinationClass: Int
    /// What all layers together let through.
    package var reach: Reach
    /// What each of them says; nil where there is one layer only.
    package var layers: LayerOutcomes?

    package init(
      sourceClass: Int, destinationClass: Int, reach: Reach, layers: LayerOutcomes? = nil
    ) {
      self.sourceClass = sourceClass
      self.destinationClass = destinationClass
      self.reach = reach
      self.layers = layers
    }
  }

  /// What some pairs of classes have in common.
  package struct Outcome: Sendable, Hashable {
    package var reach: Reach
    package var layers: LayerOutcomes?

    package init(reach: Reach, layers: LayerOutcomes? = nil) {
      self.reach = reach
      self.layers = layers
    }
  }

  /// Members of each class, sorted by name.
  package private(set) var sourceClasses: [[Source]]
  package private(set) var destinationClasses: [[Destination]]
  /// Each outcome once: pairs are many, and their outcomes few.
  package private(set) var outcomes: [Outcome]
  /// For each destination class the place in `outcomes` of each source class.
  package private(set) var columns: [[Int32]]

  /// - Parameter columns: as long as `destinationClasses`, each as long as `sourceClasses`.
  package init(
    sourceClasses: [[Source]], destinationClasses: [[Destination]], outcomes: [Outcome],
    columns: [[Int32]]
  ) {
    self.sourceClasses = sourceClasses
    self.destinationClasses = destinationClasses
    self.outcomes = outcomes
    self.columns = columns
  }

  /// - Parameter edges: one for each pair; what is left out is not known.
  package init(
    sourceClasses: [[Source]] = [], destinationClasses: [[Destination]] = [], edges: [Edge] = []
  ) {
    self.sourceClasses = sourceClasses
    self.destinationClasses = destinationClasses
    outcomes = []
    let unknown = Int32(edges.count)
    columns = Array(
      repeating: Array(repeating: unknown, count: sourceClasses.count),
      count: destinationClasses.count)
    for edge in edges {
      columns[edge.destinationClass][edge.sourceClass] = Int32(outcomes.count)
      outcomes.append(Outcome(reach: edge.reach, layers: edge.layers))
    }
    outcomes.append(Outcome(reach: Reach(.unknown, layer: .none, reason: "it was not decided")))
  }

  /// The place in `outcomes` of a pair of classes.
  package func outcome(_ sourceClass: Int, _ destinationClass: Int) -> Int32 {
    columns[destinationClass][sourceClass]
  }

  /// One edge for each pair of classes, sorted by source class, then destination class.
  package var edges: Edges { Edges(graph: self) }

  /// The pairs of classes, made one by one.
  package struct Edges: RandomAccessCollection, Sendable {
    let graph: AccessGraph

    package var startIndex: Int { 0 }
    package var endIndex: Int { graph.sourceClasses.count * graph.destinationClasses.count }

    package subscript(index: Int) -> Edge {
      let (row, column) = index.quotientAndRemainder(dividingBy: graph.destinationClasses.count)
      let outcome = graph.outcomes[Int(graph.outcome(row, column))]
      return Edge(
        sourceClass: row, destinationClass: column, reach: outcome.reach, layers: outcome.layers)
    }
  }

  /// Pairs of single sources and destinations by outcome.
  package var outcomeCounts: [Reach.Outcome: Int] {
    var pairs = [Int](repeating: 0, count: outcomes.count)
    let sizes = sourceClasses.map(\.count)
    for (column, destinations) in zip(columns, destinationClasses) {
      for (outcome, size) in zip(column, sizes) { pairs[Int(outcome)] += size * destinations.count }
    }
    return zip(outcomes, pairs).reduce(into: [:]) { counts, pair in
      guard pair.1 > 0 else { return }
      counts[pair.0.reach.outcome, default: 0] += pair.1
    }
  }
}
