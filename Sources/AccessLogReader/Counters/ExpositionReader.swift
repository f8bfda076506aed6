import MeshModel

/// Reads Prometheus' text exposition format and OpenMetrics, as proxies, `/federate` and
/// `promtool tsdb dump-openmetrics` write them.
///
/// Prometheus documentation, Exposition formats; OpenMetrics 1.0: timestamps there are seconds, and
/// the text ends in `# EOF`.
package enum ExpositionReader {
  package static let format = "prometheus-text"

  /// Whether text starts as an exposition: metadata of a metric, or a sample.
  package static func recognises(_ prefix: [UInt8]) -> Bool {
    var start = prefix.startIndex
    for _ in 0..<50 where start < prefix.endIndex {
      let end = prefix[start...].firstIndex(of: 10) ?? prefix.endIndex
      let line = String(decoding: prefix[start..<end].prefix(4096), as: UTF8.self)
        .trimmed
      start = end + 1
      if line.isEmpty { continue }
      if line.hasPrefix("# TYPE ") {
        let types = ["counter", "gauge", "histogram", "summary", "untyped", "unknown", "info"]
        return types.contains { line.hasSuffix(" " + $0) }
      }
      if line.hasPrefix("# HELP ") { continue }
      if line.hasPrefix("#") { return false }
      guard let open = line.firstIndex(of: "{"), open == line.startIndex || isName(line[..<open])
      else { return false }
      return ExpositionSample(line) != nil
    }
    return false
  }

  /// Reads a whole file.
  ///
  /// - Parameter path: names places, and the target where labels tell none.
  package static func read(_ bytes: [UInt8], path: String) -> CounterFile {
    var collector = CounterCollector(path: path, format: format)
    let isOpenMetrics = endsInEOF(bytes)
    var number = 0
    var start = bytes.startIndex
    while start < bytes.endIndex {
      let end = bytes[start...].firstIndex(of: 10) ?? bytes.endIndex
      number += 1
      defer { start = end + 1 }
      let line = bytes[start..<end]
      guard let first = line.first(where: { $0 > 32 }), first != UInt8(ascii: "#") else { continue }
      let name = String(decoding: line.prefix { isNameByte($0) }, as: UTF8.self)
      // Most of a proxy's metrics are of no interest and are not taken apart.
      if !name.isEmpty, !CounterCatalog.isKnown(name), isLikeSample(line.dropFirst(name.utf8.count))
      {
        continue
      }
      take(line, number, isOpenMetrics, into: &collector)
    }
    return collector.finish()
  }

  private static func take(
    _ line: ArraySlice<UInt8>, _ number: Int, _ isOpenMetrics: Bool,
    into collector: inout CounterCollector
  ) {
    guard line.count < 1 << 16 else {
      collector.reject("a line of \(line.count) bytes is no sample of a metric", line: number)
      return
    }
    let text = String(decoding: line, as: UTF8.self)
    guard let sample = ExpositionSample(text.trimmed) else {
      collector.reject(
        "the line is not in Prometheus' text format: expected name{label=\"value\"} number",
        line: number, hint: "save what the proxy or Prometheus' /federate answers, unchanged")
      return
    }
    guard CounterCatalog.isKnown(sample.name) else { return }
    let index = collector.index(name: sample.name, labels: sample.labels, line: number)
    collector.noteSamples(1, name: sample.name, labels: sample.labels)
    collector.add(
      .init(
        time: sample.timestamp.map { CounterTime.time(isOpenMetrics ? $0 : $0 / 1000) },
        value: sample.value),
      to: index)
  }

  /// Whether labels or a number follow the name: enough for what is passed over.
  private static func isLikeSample(_ rest: ArraySlice<UInt8>) -> Bool {
    guard rest.count < 1 << 16, let first = rest.first else { return false }
    if first == UInt8(ascii: "{") { return rest.contains(UInt8(ascii: "}")) }
    guard first == 32 || first == 9,
      let word = rest.split(whereSeparator: { $0 == 32 || $0 == 9 || $0 == 13 }).first
    else { return false }
    return Double(String(decoding: word, as: UTF8.self)) != nil
  }

  private static func endsInEOF(_ bytes: [UInt8]) -> Bool {
    let tail = String(decoding: bytes.suffix(16), as: UTF8.self).trimmed
    return tail.hasSuffix("# EOF")
  }

  private static func isName(_ text: Substring) -> Bool { text.utf8.allSatisfy(isNameByte) }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: ":"): true
    default: false
    }
  }
}

/// One sample: `name{label="value",…} value [timestamp] [# exemplar]`.
struct ExpositionSample {
  var name: String
  var labels: [String: String] = [:]
  var value: Double
  /// As it is written.
  var timestamp: Double?

  init?(_ line: String) {
    let bytes = Array(line.utf8)
    var position = 0
    while position < bytes.count, bytes[position] != UInt8(ascii: "{"), bytes[position] > 32 {
      position += 1
    }
    name = String(decoding: bytes[..<position], as: UTF8.self)
    if position < bytes.count, bytes[position] == UInt8(ascii: "{") {
      position += 1
      guard ExpositionSample.readLabels(bytes, &position, &labels) else { return nil }
    }
    // `{__name__="x"}`, as `promtool tsdb dump` writes it.
    if name.isEmpty { name = labels.removeValue(forKey: "__name__") ?? "" }
    guard !name.isEmpty else { return nil }
    let words = bytes[position...].split(separator: 32).map { String(decoding: $0, as: UTF8.self) }
    guard let first = words.first, let number = Double(first) else { return nil }
    value = number
    if words.count > 1, words[1] != "#" {
      guard let time = Double(words[1]), time.isFinite else { return nil }
      timestamp = time
    }
  }

  private static func readLabels(
    _ bytes: [UInt8], _ position: inout Int, _ labels: inout [String: String]
  ) -> Bool {
    while position < bytes.count {
      while position < bytes.count, bytes[position] == 32 || bytes[position] == UInt8(ascii: ",") {
        position += 1
      }
      guard position < bytes.count else { return false }
      if bytes[position] == UInt8(ascii: "}") {
        position += 1
        return true
      }
      let start = position
      while position < bytes.count, bytes[position] != UInt8(ascii: "=") { position += 1 }
      let key = String(decoding: bytes[start..<position], as: UTF8.self).trimmed
      guard !key.isEmpty, position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\"")
      else { return false }
      position += 2
      var text: [UInt8] = []
      var isClosed = false
      while position < bytes.count {
        let byte = bytes[position]
        position += 1
        if byte == UInt8(ascii: "\"") {
          isClosed = true
          break
        }
        guard byte == UInt8(ascii: "\\"), position < bytes.count else {
          text.append(byte)
          continue
        }
        text.append(bytes[position] == UInt8(ascii: "n") ? 10 : bytes[position])
        position += 1
      }
      guard isClosed else { return false }
      labels[key] = text.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map { Bytes($0, buffer.count).text } ?? ""
      }
    }
    return false
  }
}

/// Times of samples.
enum CounterTime {
  /// A moment in seconds since 1970; what no calendar holds becomes its nearest end.
  static func time(_ seconds: Double) -> UTCTime {
    let bounded = min(max(seconds, 0), 253_402_300_799)
    let whole = bounded.rounded(.down)
    // Milliseconds are what Prometheus keeps.
    let milliseconds = ((bounded - whole) * 1000).rounded()
    guard milliseconds < 1000 else { return UTCTime(seconds: Int64(whole) + 1) }
    return UTCTime(seconds: Int64(whole), nanoseconds: Int32(milliseconds) * 1_000_000)
  }
}

extension String {
  /// Without spaces and line ends around it.
  var trimmed: String {
    let isSpace = { (byte: UInt8) in byte == 32 || byte == 9 || byte == 13 || byte == 10 }
    let start = utf8.firstIndex { !isSpace($0) } ?? endIndex
    let end = utf8.lastIndex { !isSpace($0) }.map { utf8.index(after: $0) } ?? start
    return String(self[start..<end])
  }
}
