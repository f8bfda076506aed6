import AccessAnalysis
import AuditModel
package import MeshModel
package import Reporting

/// `meshaudit access`.
package struct AccessListing {
  /// Which edges are of interest.
  package enum Selection: String, Sendable, CaseIterable {
    /// Callers without an identity of the mesh.
    case unauthenticated
    case crossNamespace = "cross-namespace"
    /// Between workloads of different tenants (label `meshaudit.dev/tenant`).
    case crossTenant = "cross-tenant"
    /// Callers outside the cluster, and those of a foreign trust domain.
    case external
  }

  package struct Result: Sendable {
    package var table: TextTable
    /// A Graphviz graph of what is allowed.
    package var dot: String
    /// What the reader of an empty list wants to know.
    package var notes: [String]
    package var diagnostics: [Diagnostic]
  }

  package var paths: [String] = []
  /// The current run of this database instead of paths.
  package var database: String?
  package var from: String?
  package var to: String?
  package var only: Selection?
  /// What is reached through others in at most so many calls.
  package var hopLimit: Int?
  package var showsDenied = false
  package var istioVersion: String?
  package var linkerdVersion: String?

  package init() {}

  package func run() async throws(PipelineError) -> Result {
    var edges: AccessEdges
    if let database {
      guard paths.isEmpty else {
        throw PipelineError(.usage, "paths and --database exclude each other")
      }
      edges = try AccessEdges.stored(in: database, withDenied: listsDenied)
    } else {
      edges = try await AccessEdges.read(
        paths, withDenied: listsDenied,
        options: AccessOptions(istioVersion: istioVersion, linkerdVersion: linkerdVersion))
    }
    // Nothing was read: what is wrong with the paths says more than that a workload is unknown.
    let isRead = !edges.workloads.isEmpty || edges.diagnostics.isEmpty
    let ends = isRead ? try ends(among: edges) : Ends()
    if let hopLimit { return transitive(edges, ends: ends, hopLimit: hopLimit) }
    let lines = edges.lines.filter { line in
      ends.hold(line.source, line.destination) && (only.map { edges.isSelected(line, $0) } ?? true)
    }
    return Result(
      table: TextTable(
        columns: ["source", "destination", "port", "access", "operations", "decided by"],
        rows: lines.map(\.row)),
      dot: AccessListing.dot(
        lines.filter { $0.outcome != "deny" }.map {
          ($0.source, $0.destination, String($0.port), $0.outcome == "allow")
        }), notes: notes(isEmpty: lines.isEmpty, edges), diagnostics: edges.diagnostics)
  }

  private var listsDenied: Bool { showsDenied && hopLimit == nil }

  private func notes(isEmpty: Bool, _ edges: AccessEdges) -> [String] {
    guard isEmpty, !edges.workloads.isEmpty else { return [] }
    if only == .crossTenant, edges.tenants.isEmpty {
      return ["no workload and no namespace has the label \(AccessEdges.tenantLabel)"]
    }
    return [
      listsDenied || hopLimit != nil
        ? "nothing matches" : "nothing that matches is allowed; --denied lists what is refused"
    ]
  }

  /// The ends that were asked for; nil for all.
  private struct Ends {
    var sources: Set<String>?
    var destinations: Set<String>?

    func hold(_ source: String, _ destination: String) -> Bool {
      sources?.contains(source) ?? true && destinations?.contains(destination) ?? true
    }
  }

  private func ends(among edges: AccessEdges) throws(PipelineError) -> Ends {
    let callers = WorkloadNames(
      known: edges.workloads
        + AccessGraph.SourceKind.allCases.filter { $0 != .workload }.map(\.rawValue))
    let called = WorkloadNames(known: edges.workloads)
    var ends = Ends()
    if let from { ends.sources = try callers.all(from) }
    if let to { ends.destinations = try called.all(to) }
    return ends
  }

  private func transitive(_ edges: AccessEdges, ends: Ends, hopLimit: Int) -> Result {
    let reach = TransitiveReach(calls: edges.lines.map { ($0.source, $0.destination) })
    let kinds = Dictionary(edges.lines.map { ($0.source, $0) }) { first, _ in first }
    var rows: [[JSONValue]] = []
    var steps: Set<[String]> = []
    for source in kinds.keys.sorted() where ends.sources?.contains(source) ?? true {
      for path in reach.paths(from: source, hopLimit: hopLimit) {
        let destination = path.steps[path.steps.count - 1]
        guard ends.destinations?.contains(destination) ?? true, var line = kinds[source] else {
          continue
        }
        line.destination = destination
        guard only.map({ edges.isSelected(line, $0) }) ?? true else { continue }
        rows.append([
          .string(source), .string(destination), .int(Int64(path.hopCount)),
          .string(path.steps.joined(separator: " -> ")),
        ])
        for index in path.steps.indices.dropFirst() {
          steps.insert([path.steps[index - 1], path.steps[index]])
        }
      }
    }
    return Result(
      table: TextTable(columns: ["source", "destination", "calls", "path"], rows: rows),
      dot: AccessListing.dot(
        steps.sorted { $0.lexicographicallyPrecedes($1) }.map { ($0[0], $0[1], "", true) }),
      notes: notes(isEmpty: rows.isEmpty, edges), diagnostics: edges.diagnostics)
  }

  private static func dot(
    _ lines: [(source: String, destination: String, label: String, isWhole: Bool)]
  ) -> String {
    var text = "digraph access {\n  rankdir=LR;\n  node [shape=box];\n"
    for line in lines {
      let style = line.isWhole ? "solid" : "dashed"
      let label = line.label.isEmpty ? "" : "label=\"\(line.label)\", "
      text += "  \(quoted(line.source)) -> \(quoted(line.destination)) [\(label)style=\(style)];\n"
    }
    return text + "}\n"
  }

  private static func quoted(_ name: String) -> String {
    var text = ""
    JSONValue.writeString(name, to: &text)
    return text
  }
}

/// Edges of the access graph one by one, out of manifests or out of a database.
private struct AccessEdges {
  struct Line {
    var sourceKind: String
    var source: String
    var destination: String
    var port: Int
    var outcome: String
    var operations: String
    var decidedBy: String

    var row: [JSONValue] {
      [
        .string(source), .string(destination), .int(Int64(port)), .string(outcome),
        .string(operations), .string(decidedBy),
      ]
    }
  }

  /// Sorted by destination, port and source.
  var lines: [Line] = []
  var diagnostics: [Diagnostic] = []
  /// Names of all workloads, those without any edge among them.
  var workloads: [String] = []
  /// By workload name.
  var tenants: [String: String] = [:]

  static let tenantLabel = "meshaudit.dev/tenant"

  /// - Parameter withDenied: most pairs of a large mesh are denied, and are asked for rarely.
  static func read(
    _ paths: [String], withDenied: Bool, options: AccessOptions
  ) async throws(PipelineError) -> AccessEdges {
    let inputs = try await ManifestInputs(paths: paths, options: options)
    let graph = inputs.access.accessGraph()
    var edges = AccessEdges()
    edges.diagnostics = inputs.errors
    let isListed = graph.outcomes.map { withDenied || $0.reach.outcome != .deny }
    for (column, destinations) in zip(graph.columns, graph.destinationClasses) {
      for (row, outcome) in column.enumerated() where isListed[Int(outcome)] {
        edges.add(
          graph.outcomes[Int(outcome)].reach, from: graph.sourceClasses[row], to: destinations)
      }
    }
    let inventory = inputs.access.inventory
    for fact in inputs.access.workloads {
      let labels = inventory.namespaceLabels(fact.workload.id.namespace)
      edges.workloads.append(fact.workload.id.description)
      edges.tenants[fact.workload.id.description] =
        fact.workload.podLabels[tenantLabel] ?? labels[tenantLabel]
    }
    edges.sort()
    return edges
  }

  private mutating func add(
    _ reach: Reach, from sources: [AccessGraph.Source], to destinations: [AccessGraph.Destination]
  ) {
    let operations = reach.operations.map(OperationText.text).joined(separator: " or ")
    let decidedBy =
      reach.decidedBy.isEmpty ? reach.reason ?? "" : reach.decidedBy.joined(separator: " ")
    for source in sources {
      for destination in destinations {
        lines.append(
          Line(
            sourceKind: source.kind.rawValue, source: source.name,
            destination: destination.workload.description, port: destination.port,
            outcome: reach.outcome.rawValue, operations: operations, decidedBy: decidedBy))
      }
    }
  }

  static func stored(in database: String, withDenied: Bool) throws(PipelineError) -> AccessEdges {
    let table = try ViewQuery.run(
      """
      select e.source_kind, e.source, w.namespace || '/' || w.name, e.port, e.decision,
        e.operations, e.decided_by, e.reason
      from access_edge e
      join workload w on w.workload_id = e.destination_workload_id
      where \(withDenied ? "true" : "e.decision <> 'deny'")
      """, database: database)
    var edges = AccessEdges()
    for row in table.rows {
      func list(_ value: JSONValue) -> [JSONValue] {
        value.stringValue.flatMap { StoredJSON.value($0).arrayValue } ?? []
      }
      let deciders = list(row[6]).compactMap(\.stringValue).joined(separator: " ")
      edges.lines.append(
        Line(
          sourceKind: row[0].stringValue ?? "", source: row[1].stringValue ?? "",
          destination: row[2].stringValue ?? "", port: row[3].intValue ?? 0,
          outcome: row[4].stringValue ?? "",
          operations: list(row[5]).map { OperationText.text(OperationText.set(of: $0)) }
            .joined(separator: " or "),
          decidedBy: deciders.isEmpty ? row[7].stringValue ?? "" : deciders))
    }
    let labels = try ViewQuery.run(
      """
      select w.namespace || '/' || w.name, w.labels, n.labels
      from workload w
      left join namespace n on n.name = w.namespace
      """, database: database)
    for row in labels.rows {
      let own = row[1].stringValue.map(StoredJSON.value)?[tenantLabel]?.stringValue
      let shared = row[2].stringValue.map(StoredJSON.value)?[tenantLabel]?.stringValue
      edges.workloads.append(row[0].stringValue ?? "")
      edges.tenants[row[0].stringValue ?? ""] = own ?? shared
    }
    edges.sort()
    return edges
  }

  func isSelected(_ line: Line, _ selection: AccessListing.Selection) -> Bool {
    let isWorkload = line.sourceKind == AccessGraph.SourceKind.workload.rawValue
    switch selection {
    case .unauthenticated:
      return line.sourceKind == AccessGraph.SourceKind.unauthenticated.rawValue
        || line.sourceKind == AccessGraph.SourceKind.outside.rawValue
    case .external:
      return line.sourceKind == AccessGraph.SourceKind.outside.rawValue
        || line.sourceKind == AccessGraph.SourceKind.foreignTrustDomain.rawValue
    case .crossNamespace:
      return isWorkload
        && line.source.prefix { $0 != "/" } != line.destination.prefix { $0 != "/" }
    case .crossTenant:
      guard isWorkload, let from = tenants[line.source], let to = tenants[line.destination] else {
        return false
      }
      return from != to
    }
  }

  private mutating func sort() {
    lines.sort { ($0.destination, $0.port, $0.source) < ($1.destination, $1.port, $1.source) }
  }
}

/// An operation set in words.
enum OperationText {
  static func text(_ set: Reach.OperationSet) -> String {
    var parts: [String] = []
    if !set.methods.isEmpty { parts.append(set.methods.joined(separator: ",")) }
    if !set.paths.isEmpty { parts.append(set.paths.joined(separator: ",")) }
    if !set.hosts.isEmpty { parts.append("host \(set.hosts.joined(separator: ","))") }
    if !set.conditions.isEmpty { parts.append("when \(set.conditions.joined(separator: " and "))") }
    let text = parts.isEmpty ? "anything" : parts.joined(separator: " ")
    return set.isExcluded ? "not \(text)" : text
  }

  /// An operation set as the store keeps it.
  static func set(of value: JSONValue) -> Reach.OperationSet {
    func list(_ name: String) -> [String] {
      value[name]?.arrayValue?.compactMap(\.stringValue) ?? []
    }
    return Reach.OperationSet(
      methods: list("methods"), paths: list("paths"), hosts: list("hosts"),
      conditions: list("conditions"), isExcluded: value["excluded"]?.boolValue ?? false)
  }
}
