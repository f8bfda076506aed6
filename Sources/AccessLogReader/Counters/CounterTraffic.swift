package import MeshModel

/// Calls that the increases of counters show, and where each counter stands now.
///
/// A counter counts since its proxy started and starts again at zero with it. What a value adds is its
/// difference to the one before, or all of it when it is smaller (Prometheus, `increase`). The value
/// before may be of an earlier run: that is how two nightly scrapes are one night's traffic, and how
/// the same scrape twice is none.
package struct CounterTraffic: Sendable {
  /// The last value of a counter that was counted.
  package struct State: Hashable, Sendable {
    package var value: Double
    package var time: UTCTime

    package init(value: Double, time: UTCTime) {
      self.value = value
      self.time = time
    }
  }

  package private(set) var requests: [ObservedRequestKey: ObservedRequestSum] = [:]
  /// Where the counters that were met stand, by identity.
  package private(set) var states: [String: State]
  private var files: [String: FileCount] = [:]

  private struct FileCount {
    /// Samples that are not newer than what was counted already.
    var staleCount = 0
    var sampleCount = 0
    var isWithoutTime = false
    /// Calls that a scrape showed whose counter was not known before.
    var countSinceStart = 0
  }

  private let meaning: CounterMeaning
  private let directory: TrafficDirectory
  private let scrapeTime: UTCTime

  /// - Parameters:
  ///   - states: where counters stood after the run before, by identity.
  ///   - scrapeTime: the moment of samples that carry none.
  package init(directory: TrafficDirectory, states: [String: State], scrapeTime: UTCTime) {
    self.directory = directory
    self.states = states
    self.scrapeTime = scrapeTime
    meaning = CounterMeaning(directory: directory)
  }

  /// Adds files in the order of their first samples, however they are given.
  package mutating func add(_ files: [(path: String, file: CounterFile)]) {
    let ordered = files.sorted {
      ($0.file.firstTime ?? scrapeTime, $0.file.lastTime ?? scrapeTime, $0.path)
        < ($1.file.firstTime ?? scrapeTime, $1.file.lastTime ?? scrapeTime, $1.path)
    }
    for (path, file) in ordered {
      let owner = AccessLogOwner.owner(of: path, in: directory)
      // Policy counters of Linkerd count what its response counter counts again.
      var policyTargets: Set<String> = []
      for series in file.series where series.name.hasPrefix(CounterCatalog.linkerdPolicy) {
        policyTargets.insert(series.target)
      }
      let isScrape = file.isScrape
      for series in file.series where CounterCatalog.traffic.contains(series.name) {
        let isCountedByPolicy =
          series.name == "response_total" && series.labels["direction"] == "inbound"
          && policyTargets.contains(series.target)
        guard !isCountedByPolicy, let key = meaning.key(of: series, owner: owner) else { continue }
        add(series, key: key, isScrape: isScrape, path: path)
      }
    }
  }

  private mutating func add(
    _ series: CounterSeries, key: ObservedRequestKey, isScrape: Bool, path: String
  ) {
    let identity = series.identity
    var seen = files[path] ?? FileCount()
    defer { files[path] = seen }
    for point in series.points {
      let time = point.time ?? scrapeTime
      seen.sampleCount += 1
      if point.time == nil { seen.isWithoutTime = true }
      let increase: Double
      if let state = states[identity] {
        // Two scrapes of one moment without time: the greater is the later one.
        guard time > state.time || (time == state.time && point.value > state.value) else {
          seen.staleCount += 1
          continue
        }
        increase = point.value >= state.value ? point.value - state.value : point.value
      } else {
        // The first value of a counter that was running before tells nothing of the time of the export;
        // of a scrape it is all that there is.
        increase = isScrape || series.isBorn ? point.value : 0
        if isScrape { seen.countSinceStart += CounterTraffic.count(increase) }
      }
      states[identity] = State(value: point.value, time: time)
      let count = CounterTraffic.count(increase)
      guard count > 0 else { continue }
      var dated = key
      dated.day = time.dayText
      let sum = ObservedRequestSum(count: count, firstSeen: time, lastSeen: time)
      if requests[dated]?.add(sum) == nil { requests[dated] = sum }
    }
  }

  private static func count(_ increase: Double) -> Int { Int(min(increase.rounded(), 1e15)) }

  /// What is to be known of a file's calls, nil when nothing is.
  package func reason(of path: String) -> String? {
    guard let seen = files[path], seen.sampleCount > 0 else { return nil }
    if seen.staleCount == seen.sampleCount {
      return "its samples are not newer than those that were counted before"
    }
    var parts: [String] = []
    if seen.countSinceStart > 0 {
      parts.append(
        "\(seen.countSinceStart) calls are counted since the proxies started, for their counters "
          + "were not seen before")
    }
    if seen.isWithoutTime { parts.append("its samples have no time and are taken as of this run") }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}
