/// Memory or latency of a proxy, as its own metrics tell it.
package struct MetricSample: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    /// A gauge in bytes.
    case memory
    /// A histogram in milliseconds.
    case latency
  }

  /// Its name, without the ending of a histogram's series.
  package var metric: String
  package var kind: Kind
  /// The workload whose proxy measured, when it is known.
  package var workload: WorkloadID?
  /// The pod, scrape target or file that the sample is of.
  package var instance: String
  /// Which side of the calls was measured; nil for what is of no call.
  package var side: ObservedRequestKey.Side?
  /// Values of a gauge, or requests in a histogram.
  package var sampleCount: Int
  package var minimum: Double?
  package var maximum: Double?
  package var last: Double?
  /// What a part of the requests did not exceed, interpolated within a bucket as Prometheus'
  /// `histogram_quantile` does.
  package var percentile50: Double?
  package var percentile95: Double?
  package var percentile99: Double?
  package var firstTime: UTCTime
  package var lastTime: UTCTime
  package var path: String

  package init(
    metric: String, kind: Kind, workload: WorkloadID?, instance: String,
    side: ObservedRequestKey.Side? = nil, sampleCount: Int, firstTime: UTCTime, lastTime: UTCTime,
    path: String
  ) {
    self.metric = metric
    self.kind = kind
    self.workload = workload
    self.instance = instance
    self.side = side
    self.sampleCount = sampleCount
    self.firstTime = firstTime
    self.lastTime = lastTime
    self.path = path
  }
}
