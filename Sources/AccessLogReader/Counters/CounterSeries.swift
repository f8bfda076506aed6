package import MeshModel

/// One time series of a scrape or export, without the samples that changed nothing.
package struct CounterSeries: Hashable, Sendable {
  package struct Point: Hashable, Sendable {
    /// Nil where the file gives none: the moment of the run.
    package var time: UTCTime?
    package var value: Double

    package init(time: UTCTime?, value: Double) {
      self.time = time
      self.value = value
    }
  }

  package var name: String
  package var labels: [String: String]
  /// The pod or scrape target; where labels tell none, the name of the file.
  package var target: String
  /// In order of time: the first, the last, and both sides of each change.
  package private(set) var points: [Point] = []
  /// All samples, also those that changed nothing.
  package private(set) var sampleCount = 0
  /// Labels that tell how it was scraped and not what it counts.
  ///
  /// Two jobs that scrape one proxy, or one of a Prometheus pair, show the same counter (Prometheus
  /// documentation, Jobs and instances; Prometheus operator, ServiceMonitor; Thanos, replica labels).
  static let scrapeLabels: Set<String> = [
    "job", "instance", "endpoint", "service", "container", "prometheus", "prometheus_replica",
    "replica", "__replica__", "receive_replica", "tenant_id",
  ]
  /// 1-based line of the first sample.
  package var line: Int
  /// Whether it came up after its target had been scraped already, so that it started at zero.
  package var isBorn = false

  package init(name: String, labels: [String: String], target: String, line: Int) {
    self.name = name
    self.labels = labels
    self.target = target
    self.line = line
  }

  /// What tells it from all others, over runs: metric, target and the proxy's labels in order.
  package var identity: String {
    let pairs = labels.filter { !CounterSeries.scrapeLabels.contains($0.key) }.sorted {
      $0.key < $1.key
    }.map { "\($0.key)\u{1}\($0.value)" }
    return ([name, target] + pairs).joined(separator: "\u{2}")
  }

  /// Takes the next sample; one that is not newer than the last is left out.
  ///
  /// Returns false for that.
  mutating func add(_ point: Point) -> Bool {
    sampleCount += 1
    guard let last = points.last else {
      points.append(point)
      return true
    }
    if let time = point.time, let before = last.time, time <= before { return false }
    let isSteady = points.count > 1 && points[points.count - 2].value == last.value
    if last.value == point.value, isSteady {
      points[points.count - 1] = point
    } else {
      points.append(point)
    }
    return true
  }
}

/// What a file of metrics held.
package struct CounterFile: Sendable {
  package var format = ""
  package var series: [CounterSeries] = []
  /// Samples of metrics that are read.
  package var recordCount = 0
  /// Lines and series that could not be read.
  package var rejectedCount = 0
  package var firstTime: UTCTime?
  package var lastTime: UTCTime?
  package var diagnostics: [Diagnostic] = []
  /// Why nothing of the file can be used.
  package var failure: String?
  /// Each series has one sample: a scrape, whose values are since the proxies started.
  package internal(set) var isScrape = true
}
