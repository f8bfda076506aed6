import AccessLogReader
import AuditModel
import AuditStore
import MeshModel

/// A file of metrics or traces that is still to be counted.
struct ObservationFile: Sendable {
  enum Contents: Sendable {
    case metrics(CounterFile, certificates: CertificateInventory)
    case traces(TraceFile)
  }

  var record: InputRecord
  var contents: Contents
  /// SHA-256 and length after decompression.
  var digest: (digest: String, byteCount: Int)
}

/// Counts the calls that metrics and traces of a run show, over all files at once: a counter goes on from
/// file to file, and a trace may be spread over several.
struct ObservationReading {
  let directory: TrafficDirectory
  /// The moment of samples that carry none.
  let scrapeTime: UTCTime

  struct Outcome: Sendable {
    var inputs: [InputRecord] = []
    var samples: [MetricSample] = []
  }

  /// Adds what `files` say to the store; contents, counters and traces that were counted before are not
  /// counted again.
  func read(_ files: [ObservationFile], into store: AuditStore) throws(PipelineError) -> Outcome {
    guard !files.isEmpty else { return Outcome() }
    var outcome = Outcome()
    do throws(StoreError) {
      let known = try store.countedContents()
      var seen: Set<String> = []
      var fresh: [ObservationFile] = []
      for file in files.sorted(by: { $0.record.path < $1.record.path }) {
        // The same bytes under two names are read once; an empty file says nothing of what it was.
        if known[file.digest.byteCount]?.contains(file.digest.digest) == true
          || !seen.insert(file.digest.digest).inserted
        {
          var record = Self.finished(file)
          record.status = .known
          record.reason = "its contents were counted before"
          outcome.inputs.append(record)
        } else {
          fresh.append(file)
        }
      }
      outcome.inputs += try count(metricsIn: fresh, store: store)
      outcome.inputs += try count(tracesIn: fresh, store: store)
    } catch {
      throw PipelineError(error)
    }
    // What is of this run is in its report, also where its calls were counted before.
    outcome.samples = MetricSamples.samples(
      of: files.compactMap { file in
        guard case .metrics(let metrics, _) = file.contents else { return nil }
        return (path: file.record.path, file: metrics)
      }, directory: directory, scrapeTime: scrapeTime)
    return outcome
  }

  private func count(metricsIn files: [ObservationFile], store: AuditStore) throws(StoreError)
    -> [InputRecord]
  {
    var metrics: [(path: String, file: CounterFile)] = []
    var records: [InputRecord] = []
    var contents: [AuditStore.Content] = []
    for file in files {
      guard case .metrics(let counters, _) = file.contents else { continue }
      metrics.append((file.record.path, counters))
      contents.append(file.content)
      records.append(Self.finished(file))
    }
    guard !metrics.isEmpty else { return [] }
    var before: [String: CounterTraffic.State] = [:]
    // The store knows counters by the digest of what identifies them.
    let stored = try store.counterStates()
    for series in metrics.lazy.flatMap(\.file.series) {
      guard let state = stored[Digest.sha256(Array(series.identity.utf8))] else { continue }
      before[series.identity] = CounterTraffic.State(value: state.value, time: state.time)
    }
    var traffic = CounterTraffic(
      directory: directory, states: before, scrapeTime: scrapeTime)
    traffic.add(metrics)
    var states: [String: AuditStore.CounterState] = [:]
    for (identity, state) in traffic.states where before[identity] != state {
      states[Digest.sha256(Array(identity.utf8))] = .init(value: state.value, time: state.time)
    }
    try store.addCounters(traffic.requests, states: states, contents: contents)
    for index in records.indices where records[index].status == .read {
      if let reason = traffic.reason(of: records[index].path) { records[index].reason = reason }
    }
    return records
  }

  private func count(tracesIn files: [ObservationFile], store: AuditStore) throws(StoreError)
    -> [InputRecord]
  {
    var traces: [TraceFile] = []
    var records: [InputRecord] = []
    var contents: [AuditStore.Content] = []
    for file in files {
      guard case .traces(let spans) = file.contents else { continue }
      traces.append(spans)
      contents.append(file.content)
      records.append(Self.finished(file))
    }
    guard !traces.isEmpty else { return [] }
    let ids = Set(traces.lazy.flatMap(\.spans).map(\.trace))
    let known = try store.countedTraces(among: ids.sorted())
    var traffic = TraceTraffic(directory: directory)
    traffic.add(traces, isCounted: known.contains)
    try store.addTraces(
      traffic.requests, chains: traffic.orderedChains, workloads: traffic.workloads,
      traces: traffic.traces, contents: contents)
    for (index, file) in traces.enumerated() where !file.spans.isEmpty {
      if file.spans.allSatisfy({ known.contains($0.trace) }) {
        records[index].status = .known
        records[index].reason = "its traces were counted before"
      }
    }
    return records
  }

  private static func finished(_ file: ObservationFile) -> InputRecord {
    var record = file.record
    switch file.contents {
    case .metrics(let metrics, let certificates):
      record.kind = "metrics:\(metrics.format)"
      record.recordCount = metrics.recordCount + certificates.certificates.count
      record.rejectedCount = metrics.rejectedCount
      record.firstTime = metrics.firstTime
      record.lastTime = metrics.lastTime
      if metrics.rejectedCount > 0 {
        record.status = .partial
        record.reason =
          CountedNoun.text(metrics.rejectedCount, "sample") + " that could not be read"
      } else if metrics.recordCount == 0 {
        record.reason = "none of its metrics is one of a mesh's calls, memory or latency"
      }
    case .traces(let traces):
      record.kind = "traces:\(traces.format)"
      record.recordCount = traces.recordCount
      record.rejectedCount = traces.rejectedCount
      record.firstTime = traces.firstTime
      record.lastTime = traces.lastTime
      if traces.rejectedCount > 0 {
        record.status = .partial
        record.reason = CountedNoun.text(traces.rejectedCount, "span") + " that could not be read"
      } else if traces.spans.isEmpty {
        record.reason = "no span is in it"
      }
    }
    return record
  }
}

extension ObservationFile {
  fileprivate var content: AuditStore.Content {
    AuditStore.Content(digest: digest.digest, byteCount: digest.byteCount, path: record.path)
  }
}
