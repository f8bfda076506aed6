import AuditModel
import GRDB
package import MeshModel

extension AuditStore {
  /// The last value of a counter that was counted, and when.
  package struct CounterState: Hashable, Sendable {
    package var value: Double
    package var time: UTCTime

    package init(value: Double, time: UTCTime) {
      self.value = value
      self.time = time
    }
  }

  /// The contents of one input: SHA-256 in hex and length, after decompression.
  package struct Content: Hashable, Sendable {
    package var digest: String
    package var byteCount: Int
    package var path: String

    package init(digest: String, byteCount: Int, path: String) {
      self.digest = digest
      self.byteCount = byteCount
      self.path = path
    }
  }

  /// Where counters stand, by the digest of what identifies them.
  package func counterStates() throws(StoreError) -> [String: CounterState] {
    try read { connection in
      var result: [String: CounterState] = [:]
      let rows = try Row.fetchCursor(connection, sql: "select * from counter_states")
      while let row = try rows.next() {
        guard let time = UTCTime(row["time"] as String) else { continue }
        result[row["identity"]] = CounterState(value: row["value"], time: time)
      }
      return result
    }
  }

  /// Adds what counters show, in one transaction with where they stand now.
  package func addCounters(
    _ traffic: [ObservedRequestKey: ObservedRequestSum], states: [String: CounterState],
    contents: [Content]
  ) throws(StoreError) {
    try write { connection in
      try AuditStore.note(contents, connection)
      try TrafficRowWriter(connection).add(traffic)
      let statement = try connection.cachedStatement(
        sql: """
          insert into counter_states (identity, value, time) values (?, ?, ?)
          on conflict (identity) do update set value = excluded.value, time = excluded.time
          """)
      for (identity, state) in states {
        try statement.execute(arguments: [identity, state.value, state.time.millisecondText])
      }
    }
  }

  /// Which of the traces were counted before.
  package func countedTraces(among traces: some Sequence<String>) throws(StoreError) -> Set<String>
  {
    try read { connection in
      var result: Set<String> = []
      let find = try connection.cachedStatement(
        sql: "select 1 from counted_traces where trace = ?")
      for trace in traces where try Int.fetchOne(find, arguments: [trace]) != nil {
        result.insert(trace)
      }
      return result
    }
  }

  /// Adds what traces show, in one transaction with the note that they are counted.
  ///
  /// - Parameter traces: the traces with the day of each.
  package func addTraces(
    _ traffic: [ObservedRequestKey: ObservedRequestSum], chains: [CallChain],
    workloads: [TracedWorkload.Key: TracedWorkload], traces: [String: String], contents: [Content]
  ) throws(StoreError) {
    try write { connection in
      try AuditStore.note(contents, connection)
      try TrafficRowWriter(connection).add(traffic)
      for chain in chains { try ChainWriter.add(chain, connection) }
      let counts = try connection.cachedStatement(
        sql: """
          insert into traced_workloads (day, namespace, name, span_count, agent_span_count)
          values (?, ?, ?, ?, ?)
          on conflict (namespace, name, day) do update set
            span_count = span_count + excluded.span_count,
            agent_span_count = agent_span_count + excluded.agent_span_count
          """)
      for (key, traced) in workloads {
        try counts.execute(arguments: [
          key.day, key.workload.namespace, key.workload.name, traced.spanCount,
          traced.agentSpanCount,
        ])
      }
      let note = try connection.cachedStatement(
        sql: """
          insert into counted_traces (trace, day) values (?, ?) on conflict (trace) do nothing
          """)
      for (trace, day) in traces { try note.execute(arguments: [trace, day]) }
    }
  }

  private static func note(_ contents: [Content], _ connection: Database) throws {
    let statement = try connection.cachedStatement(
      sql: """
        insert into ingested_contents (content_digest, byte_count, path) values (?, ?, ?)
        on conflict (content_digest) do nothing
        """)
    for content in contents where content.byteCount > 0 {
      try statement.execute(arguments: [content.digest, content.byteCount, content.path])
    }
  }

  /// Chains of calls over all runs: most calls first.
  package func callChains() throws(StoreError) -> [CallChain] {
    try read { connection in
      var result: [CallChain] = []
      let rows = try Row.fetchCursor(
        connection,
        sql: """
          select hops, sum(call_count) as call_count, min(first_seen) as first_seen,
            max(last_seen) as last_seen
          from call_chains
          group by hops
          order by sum(call_count) desc, hops
          """)
      while let row = try rows.next() {
        guard let first = UTCTime(row["first_seen"] as String),
          let last = UTCTime(row["last_seen"] as String)
        else { continue }
        result.append(
          CallChain(
            key: CallChain.Key(day: "", hops: try ChainWriter.parties(row["hops"], connection)),
            count: row["call_count"], firstSeen: first, lastSeen: last))
      }
      return result
    }
  }
}

/// One chain as a row.
private enum ChainWriter {
  static func add(_ chain: CallChain, _ connection: Database) throws {
    guard let source = chain.key.hops.first, let destination = chain.key.hops.last else { return }
    let statement = try connection.cachedStatement(
      sql: """
        insert into call_chains (
          day, hops, hop_count, source_namespace, source_name, source_host,
          destination_namespace, destination_name, destination_host, call_count, first_seen,
          last_seen
        )
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (day, hops) do update set
          call_count = call_count + excluded.call_count,
          first_seen = min(first_seen, excluded.first_seen),
          last_seen = max(last_seen, excluded.last_seen)
        """)
    try statement.execute(arguments: [
      chain.key.day, JSONText.array(chain.key.hops.map(name)), chain.key.hops.count,
      source.workload?.namespace ?? "", source.workload?.name ?? "", source.host ?? "",
      destination.workload?.namespace ?? "", destination.workload?.name ?? "",
      destination.host ?? "", chain.count, chain.firstSeen.millisecondText,
      chain.lastSeen.millisecondText,
    ])
  }

  /// `namespace/name`, or a host, which has no slash.
  private static func name(_ party: ObservedParty) -> String {
    party.workload?.description ?? party.host?.replacing("/", with: "_") ?? ""
  }

  static func parties(_ hops: String, _ connection: Database) throws -> [ObservedParty] {
    let names = try String.fetchAll(
      connection, sql: "select value from json_each(?) order by key", arguments: [hops])
    return names.map { name in
      guard let slash = name.firstIndex(of: "/") else { return ObservedParty(host: name) }
      return ObservedParty(
        workload: WorkloadID(
          namespace: String(name[..<slash]), name: String(name[name.index(after: slash)...])))
    }
  }
}

/// Writes the samples of metrics of a run.
enum MetricWriter {
  static func write(
    _ facts: RunFacts, _ connection: Database, runID: Int64, locations: LocationWriter
  ) throws {
    let samples = try RowWriter(
      connection, table: "metric_samples",
      columns: [
        "run_id", "metric", "kind", "namespace", "name", "instance", "side", "sample_count",
        "minimum", "maximum", "last_value", "p50", "p95", "p99", "first_time", "last_time",
        "location_id",
      ])
    for sample in facts.metricSamples {
      try samples.insert([
        runID, sample.metric, sample.kind.rawValue, sample.workload?.namespace,
        sample.workload?.name, sample.instance, sample.side?.rawValue, sample.sampleCount,
        sample.minimum, sample.maximum, sample.last, sample.percentile50, sample.percentile95,
        sample.percentile99, sample.firstTime.millisecondText, sample.lastTime.millisecondText,
        try locations.id(SourceLocation(path: sample.path)),
      ])
    }
  }
}
