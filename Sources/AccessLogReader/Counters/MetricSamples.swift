package import MeshModel

/// Memory and latency of proxies out of the same files.
package enum MetricSamples {
  /// One sample a metric, proxy and side, sorted.
  ///
  /// - Parameter scrapeTime: the moment of samples that carry none.
  package static func samples(
    of files: [(path: String, file: CounterFile)], directory: TrafficDirectory,
    scrapeTime: UTCTime
  ) -> [MetricSample] {
    let meaning = CounterMeaning(directory: directory)
    var result: [MetricSample] = []
    for (path, file) in files {
      let owner = AccessLogOwner.owner(of: path, in: directory)
      let isScrape = file.isScrape
      var histograms: [Histogram.Key: Histogram] = [:]
      for series in file.series {
        let workload = meaning.workload(of: series, owner: owner)
        if CounterCatalog.memory.contains(series.name) {
          result.append(memory(series, workload, path, scrapeTime))
        } else if CounterCatalog.latency.contains(series.name) {
          let key = Histogram.Key(
            metric: String(series.name.dropLast("_bucket".count)), workload: workload,
            // A mesh's own measure of a workload is of all its pods.
            target: workload == nil ? series.target : "", side: side(series.labels))
          histograms[key, default: Histogram()].add(series, isScrape: isScrape, at: scrapeTime)
        }
      }
      result += histograms.compactMap { $0.value.sample($0.key, path: path) }
    }
    return result.sorted { order($0).lexicographicallyPrecedes(order($1)) }
  }

  private static func order(_ sample: MetricSample) -> [String] {
    [
      sample.metric, sample.workload?.description ?? "", sample.instance,
      sample.side?.rawValue ?? "", sample.firstTime.millisecondText, sample.path,
    ]
  }

  private static func side(_ labels: [String: String]) -> ObservedRequestKey.Side {
    labels["reporter"] == "source" || labels["direction"] == "outbound" ? .client : .server
  }

  private static func memory(
    _ series: CounterSeries, _ workload: WorkloadID?, _ path: String, _ scrapeTime: UTCTime
  ) -> MetricSample {
    let values = series.points.map(\.value)
    var sample = MetricSample(
      metric: series.name, kind: .memory, workload: workload, instance: series.target,
      sampleCount: series.sampleCount, firstTime: series.points.first?.time ?? scrapeTime,
      lastTime: series.points.last?.time ?? scrapeTime, path: path)
    sample.minimum = values.min()
    sample.maximum = values.max()
    sample.last = values.last
    return sample
  }
}

/// Buckets of one proxy and side, added up over callers and response codes.
private struct Histogram {
  struct Key: Hashable {
    var metric: String
    var workload: WorkloadID?
    var target: String
    var side: ObservedRequestKey.Side
  }

  /// Upper bound to the requests at or below it.
  private var cumulative: [Double: Double] = [:]
  private var firstTime: UTCTime?
  private var lastTime: UTCTime?

  mutating func add(_ series: CounterSeries, isScrape: Bool, at scrapeTime: UTCTime) {
    guard let text = series.labels["le"], let bound = Double(text) else { return }
    var increase = isScrape || series.isBorn ? series.points.first?.value ?? 0 : 0
    for (before, after) in zip(series.points, series.points.dropFirst()) {
      increase += after.value >= before.value ? after.value - before.value : after.value
    }
    cumulative[bound, default: 0] += increase
    let first = series.points.first?.time ?? scrapeTime
    let last = series.points.last?.time ?? scrapeTime
    firstTime = firstTime.map { min($0, first) } ?? first
    lastTime = lastTime.map { max($0, last) } ?? last
  }

  func sample(_ key: Key, path: String) -> MetricSample? {
    guard let firstTime, let lastTime, let total = cumulative[.infinity], total > 0 else {
      return nil
    }
    var sample = MetricSample(
      metric: key.metric, kind: .latency, workload: key.workload, instance: key.target,
      side: key.side, sampleCount: Int(min(total, 1e15)), firstTime: firstTime,
      lastTime: lastTime, path: path)
    sample.percentile50 = percentile(0.5, of: total)
    sample.percentile95 = percentile(0.95, of: total)
    sample.percentile99 = percentile(0.99, of: total)
    return sample
  }

  /// Linear within the bucket; the greatest finite bound for what lies above it (Prometheus,
  /// `histogram_quantile`).
  private func percentile(_ fraction: Double, of total: Double) -> Double? {
    let rank = fraction * total
    var lower = 0.0
    var below = 0.0
    for bound in cumulative.keys.sorted() {
      let count = cumulative[bound] ?? 0
      if count >= rank {
        guard bound.isFinite else { return lower }
        guard count > below else { return bound }
        return lower + (bound - lower) * (rank - below) / (count - below)
      }
      lower = bound
      below = count
    }
    return nil
  }
}
