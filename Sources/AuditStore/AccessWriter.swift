import AuditModel
import GRDB
import MeshModel

/// Writes the access graph by classes, so that the file grows with what differs and not with pairs.
///
/// Most callers come out alike at a destination. They are the rest: one row stands for every class of
/// sources that has no row of its own there.
enum AccessWriter {
  static func write(_ facts: RunFacts, _ connection: Database, runID: Int64, ids: ConfigurationIDs)
    throws
  {
    let graph = facts.graph
    // Class numbers are unique over all runs in the file, so that views can join on them alone.
    let everyone =
      try Int64.fetchOne(
        connection,
        sql: """
          select max(
            (select coalesce(max(class_id), 0) from access_sources),
            (select coalesce(max(class_id), 0) from access_destinations)) + 1
          """) ?? 1
    let base = everyone + 1
    try writeEnds(graph, connection, runID: runID, everyone: everyone, ids: ids)
    let outcomes = try writeOutcomes(graph.outcomes, connection, runID: runID)
    let pairs = try RowWriter(
      connection, table: "access_class_pairs",
      columns: ["destination_class_id", "source_class_id", "outcome_id", "is_rest"])
    for (index, column) in graph.columns.enumerated() where !graph.sourceClasses.isEmpty {
      let destination = base + Int64(index)
      let rest = mostFrequent(in: column)
      try pairs.insert([destination, everyone, outcomes[Int(rest)], true])
      for (source, outcome) in column.enumerated() where outcome != rest {
        try pairs.insert([destination, base + Int64(source), outcomes[Int(outcome)], false])
      }
    }
  }

  /// The members of each class, and all sources once more as the class `everyone`.
  private static func writeEnds(
    _ graph: AccessGraph, _ connection: Database, runID: Int64, everyone: Int64,
    ids: ConfigurationIDs
  ) throws {
    let base = everyone + 1
    let sources = try RowWriter(
      connection, table: "access_sources",
      columns: ["run_id", "class_id", "own_class_id", "kind", "name", "principal", "workload_id"])
    for (index, members) in graph.sourceClasses.enumerated() {
      let own = base + Int64(index)
      for member in members {
        for classID in [own, everyone] {
          try sources.insert([
            runID, classID, own, member.kind.rawValue, member.name, member.principal,
            member.workload.flatMap { ids.workloads[$0] },
          ])
        }
      }
    }
    let destinations = try RowWriter(
      connection, table: "access_destinations",
      columns: ["run_id", "class_id", "workload_id", "port"])
    for (index, members) in graph.destinationClasses.enumerated() {
      for member in members {
        guard let workload = ids.workloads[member.workload] else { continue }
        try destinations.insert([runID, base + Int64(index), workload, member.port])
      }
    }
  }

  /// Row ids by the place of each outcome.
  private static func writeOutcomes(
    _ outcomes: [AccessGraph.Outcome], _ connection: Database, runID: Int64
  ) throws -> [Int64] {
    let rows = try RowWriter(
      connection, table: "access_outcomes",
      columns: [
        "run_id", "decision", "layer", "operations", "decided_by", "reason", "wire_port",
        "mesh_decision", "mesh_layer", "mesh_decided_by", "network_decision", "network_decided_by",
      ])
    return try outcomes.map { outcome in
      let (reach, layers) = (outcome.reach, outcome.layers)
      return try rows.insert([
        runID, reach.outcome.rawValue, reach.layer.rawValue,
        JSONValue.array(reach.operations.map(json)).canonicalText,
        JSONText.array(reach.decidedBy), reach.reason, layers?.wirePort,
        layers?.mesh.outcome.rawValue, layers?.mesh.layer.rawValue,
        layers.map { JSONText.array($0.mesh.decidedBy) },
        layers?.network?.outcome.rawValue,
        layers?.network.map { JSONText.array($0.decidedBy) },
      ])
    }
  }

  /// The first among equals.
  private static func mostFrequent(in column: [Int32]) -> Int32 {
    var counts: [Int32: Int] = [:]
    for outcome in column { counts[outcome, default: 0] += 1 }
    let best = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
    return best?.key ?? 0
  }

  private static func json(_ operation: Reach.OperationSet) -> JSONValue {
    func list(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }
    var members: [JSONValue.Member] = []
    if !operation.methods.isEmpty { members.append(.init("methods", list(operation.methods))) }
    if !operation.paths.isEmpty { members.append(.init("paths", list(operation.paths))) }
    if !operation.hosts.isEmpty { members.append(.init("hosts", list(operation.hosts))) }
    if !operation.conditions.isEmpty {
      members.append(.init("conditions", list(operation.conditions)))
    }
    if operation.isExcluded { members.append(.init("excluded", .bool(true))) }
    return .object(members)
  }
}
