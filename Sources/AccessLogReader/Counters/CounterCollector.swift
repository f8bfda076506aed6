import MeshModel

/// Puts the samples of one file together to series.
struct CounterCollector {
  private(set) var file = CounterFile()
  private let path: String
  private let fileTarget: String
  private var indices: [String: Int] = [:]
  /// Times that the file gives for a series as it is labelled there, whoever else scraped the same one.
  private var sampleCounts: [[String: String]: Int] = [:]
  private static let exampleLimit = 5

  init(path: String, format: String) {
    self.path = path
    file.format = format
    fileTarget = CounterCollector.target(ofFile: path)
  }

  /// The index of a series, made when it is new.
  mutating func index(name: String, labels: [String: String], line: Int) -> Int {
    var series = CounterSeries(
      name: name, labels: labels, target: target(of: labels), line: line)
    let identity = series.identity
    if let index = indices[identity] { return index }
    series.line = line
    indices[identity] = file.series.count
    file.series.append(series)
    return file.series.count - 1
  }

  /// Notes that a series of the file, with all its labels, has so many samples: with more than one it is
  /// an export of some time and no scrape.
  mutating func noteSamples(_ count: Int, name: String, labels: [String: String]) {
    guard file.isScrape else { return }
    guard count == 1 else {
      file.isScrape = count == 0
      return
    }
    var key = labels
    key["__name__"] = name
    let total = sampleCounts[key, default: 0] + 1
    sampleCounts[key] = total
    if total > 1 { file.isScrape = false }
  }

  mutating func add(_ point: CounterSeries.Point, to index: Int) {
    // Prometheus' mark of a series that ended.
    guard !point.value.isNaN else { return }
    guard point.value.isFinite, point.value >= 0 else {
      reject(
        "\"\(file.series[index].name)\" has a value that neither a counter nor a size can have",
        line: file.series[index].line)
      return
    }
    _ = file.series[index].add(point)
    file.recordCount += 1
    if let time = point.time {
      file.firstTime = file.firstTime.map { min($0, time) } ?? time
      file.lastTime = file.lastTime.map { max($0, time) } ?? time
    }
  }

  mutating func reject(_ what: String, line: Int, hint: String? = nil) {
    file.rejectedCount += 1
    guard file.rejectedCount <= CounterCollector.exampleLimit else { return }
    file.diagnostics.append(
      Diagnostic(
        code: "metric-syntax", severity: .warning, message: what,
        location: SourceLocation(path: path, line: line, column: 1), hint: hint))
  }

  mutating func fail(_ reason: String) { file.failure = reason }

  /// Marks the series that came up while their target was scraped already.
  consuming func finish() -> CounterFile {
    var firstByTarget: [String: UTCTime] = [:]
    for series in file.series {
      guard let first = series.points.first?.time else { continue }
      firstByTarget[series.target] = min(firstByTarget[series.target] ?? first, first)
    }
    for index in file.series.indices {
      guard let first = file.series[index].points.first?.time,
        let earliest = firstByTarget[file.series[index].target]
      else { continue }
      file.series[index].isBorn = first > earliest
    }
    file.series.removeAll { $0.points.isEmpty }
    return file
  }

  /// The pod where relabelling names it (Kubernetes service discovery of Prometheus), the address that
  /// was scraped, or the file.
  private func target(of labels: [String: String]) -> String {
    let namespace = labels["namespace"] ?? labels["kubernetes_namespace"]
    if let pod = labels["pod"] ?? labels["kubernetes_pod_name"] ?? labels["pod_name"] {
      return namespace.map { "\($0)/\(pod)" } ?? pod
    }
    return labels["instance"] ?? fileTarget
  }

  /// The name of a file without folder, ending and date, so that the scrapes of one proxy on two days
  /// are of one target: `2026-11-24/planner-7d9f-x2x4q.prom`, `planner-7d9f-x2x4q.20261125T06.prom.gz`.
  static func target(ofFile path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    var parts = file.split(separator: ".").map(String.init)
    let endings: Set<String> = ["gz", "zst", "prom", "txt", "metrics", "json", "om", "openmetrics"]
    while parts.count > 1, let last = parts.last, endings.contains(last) || isDate(last) {
      parts.removeLast()
    }
    var name = parts.joined(separator: ".")
    // `2026-11-24T06:00` at the end goes as a whole: its parts alone may be an ordinal.
    if let date = name.firstRange(of: /[-_.]?[0-9]{4}-[0-9]{2}-[0-9]{2}([T_-][0-9:]+Z?)?$/),
      date.lowerBound > name.startIndex
    {
      name.removeSubrange(date)
    }
    while let cut = name.lastIndex(where: { $0 == "-" || $0 == "_" }) {
      guard isDate(String(name[name.index(after: cut)...])) else { break }
      name = String(name[..<cut])
    }
    return name
  }

  /// Digits of a date or time of day, with its marks.
  private static func isDate(_ text: String) -> Bool {
    let digits = text.utf8.count { (48...57).contains($0) }
    return digits >= 4 && text.utf8.allSatisfy { (48...57).contains($0) || "TZ:".utf8.contains($0) }
  }
}
