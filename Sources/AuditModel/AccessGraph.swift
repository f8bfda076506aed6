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

  /// Members of each class, sorted by name.
  package var sourceClasses: [[Source]]
  package var destinationClasses: [[Destination]]
  /// One edge for each pair of classes, sorted by source class, then destination class.
  package var edges: [Edge]

  package init(
    sourceClasses: [[Source]] = [], destinationClasses: [[Destination]] = [], edges: [Edge] = []
  ) {
    self.sourceClasses = sourceClasses
    self.destinationClasses = destinationClasses
    self.edges = edges
  }

  /// Pairs of single sources and destinations by outcome.
  package var outcomeCounts: [Reach.Outcome: Int] {
    edges.reduce(into: [:]) { counts, edge in
      counts[edge.reach.outcome, default: 0] +=
        sourceClasses[edge.sourceClass].count * destinationClasses[edge.destinationClass].count
    }
  }
}
