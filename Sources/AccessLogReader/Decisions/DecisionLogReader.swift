package import MeshModel

/// What a decision log held, added up by day.
package struct DecisionLog: Sendable {
  package var decisions: [ExternalDecision] = []
  package var recordCount = 0
  /// Lines and elements that are no decision.
  package var rejectedCount = 0
  package var firstTime: UTCTime?
  package var lastTime: UTCTime?
}

/// Reads decision logs of OPA: the JSON array that its service receives, or the lines of its console
/// (OPA documentation, Decision Logs).
///
/// Identities, method and path are those of opa-envoy-plugin's input (CheckRequest of Envoy's
/// ext_authz v3). Of headers, bodies and addresses of callers nothing is kept.
package enum DecisionLogReader {
  /// Whether text starts like a decision log: JSON, with the id that every decision has.
  package static func recognises(_ prefix: [UInt8]) -> Bool {
    guard let first = prefix.first(where: { $0 > 32 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }),
      first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    else { return false }
    func holds(_ text: StaticString) -> Bool {
      let length = text.utf8CodeUnitCount
      guard prefix.count >= length else { return false }
      return prefix.withUnsafeBufferPointer { buffer in
        (0...(buffer.count - length)).contains { start in
          (0..<length).allSatisfy { buffer[start + $0] == text.utf8Start[$0] }
        }
      }
    }
    return holds("\"decision_id\"") && (holds("\"input\"") || holds("\"result\""))
  }

  /// Reads a whole log.
  package static func read(_ bytes: [UInt8]) -> DecisionLog {
    var sums = DecisionSums()
    var object = JSONObjectReader()
    let paths = PathTemplateWriter()
    var template = [UInt8](repeating: 0, count: PathTemplateWriter.longest + 64)
    let isArray = bytes.first { $0 > 32 } == UInt8(ascii: "[")
    bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let text = Bytes(base, buffer.count)
      let (ranges, brokenCount) = isArray ? elements(of: text) : (lines(of: text), 0)
      sums.log.rejectedCount += brokenCount
      for range in ranges {
        var fields = DecisionFields()
        if object.read(Bytes(text.pointer + range.lowerBound, range.count)) {
          for index in 0..<object.memberCount {
            fields.take(object.key(index), object.value(index))
          }
        }
        if fields.path != nil {
          fields.path = templated(fields.path ?? "", paths, &template)
        }
        sums.add(fields)
      }
    }
    sums.log.decisions = Array(sums.sums.values)
    return sums.log
  }

  private static func lines(of text: Bytes) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    for index in 0...text.count
    where index == text.count || text[index] == UInt8(ascii: "\n") {
      if (start..<index).contains(where: { text[$0] > 32 }) { ranges.append(start..<index) }
      start = index + 1
    }
    return ranges
  }

  /// The objects directly inside the array, wherever lines break, and how many are cut.
  private static func elements(of text: Bytes) -> ([Range<Int>], Int) {
    var ranges: [Range<Int>] = []
    var depth = 0
    var start = 0
    var isInString = false
    var index = 0
    while index < text.count {
      let byte = text[index]
      if isInString {
        if byte == UInt8(ascii: "\\") { index += 1 }
        if byte == UInt8(ascii: "\"") { isInString = false }
      } else if byte == UInt8(ascii: "\"") {
        isInString = true
      } else if byte == UInt8(ascii: "{") {
        if depth == 0 { start = index }
        depth += 1
      } else if byte == UInt8(ascii: "}"), depth > 0 {
        depth -= 1
        if depth == 0 { ranges.append(start..<(index + 1)) }
      }
      index += 1
    }
    return (ranges, depth > 0 ? 1 : 0)
  }

  private static func templated(
    _ path: String, _ paths: borrowing PathTemplateWriter, _ template: inout [UInt8]
  ) -> String {
    var path = path
    let count = path.withUTF8 { buffer in
      template.withUnsafeMutableBufferPointer { output in
        guard let base = buffer.baseAddress, let target = output.baseAddress else { return 0 }
        return paths.write(Bytes(base, buffer.count), to: target)
      }
    }
    return String(decoding: template.prefix(count), as: UTF8.self)
  }
}

/// Decisions added up by day.
private struct DecisionSums {
  var sums: [ExternalDecision.Key: ExternalDecision] = [:]
  var log = DecisionLog()

  mutating func add(_ found: DecisionFields) {
    guard found.isDecision, let time = found.time else {
      log.rejectedCount += 1
      return
    }
    log.recordCount += 1
    log.firstTime = log.firstTime.map { min($0, time) } ?? time
    log.lastTime = log.lastTime.map { max($0, time) } ?? time
    let key = ExternalDecision.Key(
      day: time.dayText, source: found.source, destination: found.destination,
      destinationAddress: found.address, port: found.port, method: found.method,
      pathTemplate: found.path, policy: found.policy, revision: found.revision,
      outcome: found.hasFailed ? .error : found.outcome)
    if var sum = sums[key] {
      sum.count += 1
      sum.firstSeen = min(sum.firstSeen, time)
      sum.lastSeen = max(sum.lastSeen, time)
      sums[key] = sum
    } else {
      sums[key] = ExternalDecision(key: key, count: 1, firstSeen: time, lastSeen: time)
    }
  }
}

/// The fields of one decision that are kept.
private struct DecisionFields {
  var time: UTCTime?
  var source: String?
  var destination: String?
  var address: String?
  var port: Int?
  var method: String?
  var path: String?
  var policy = ""
  var outcome = ExternalDecision.Outcome.undefined
  var isDecision = false
  var hasFailed = false
  private var revisions: [String] = []

  var revision: String? {
    revisions.isEmpty ? nil : revisions.sorted().joined(separator: ",")
  }

  /// Takes one member; keys of nested objects are joined with dots.
  mutating func take(_ keyBytes: Bytes, _ value: Bytes) {
    let key = keyBytes.text
    switch key {
    case "decision_id": isDecision = true
    case "timestamp": time = UTCTime(value.text) ?? time
    case "path": policy = value.text
    // A query that was sent as text and not by the path of a document.
    case "query": if policy.isEmpty { policy = "query" }
    case "result", "result.allowed", "result.allow":
      if value.equals("true") { outcome = .allow }
      if value.equals("false") { outcome = .deny }
    case "revision": if !value.isEmpty { revisions.append(value.text) }
    case "input.attributes.source.principal": source = Self.text(value)
    case "input.attributes.destination.principal": destination = Self.text(value)
    // The second spelling: JSON of older plugins keeps the names of the Go structure.
    case "input.attributes.destination.address.socketAddress.address",
      "input.attributes.destination.address.Address.SocketAddress.address":
      address = Self.text(value)
    case "input.attributes.destination.address.socketAddress.portValue",
      "input.attributes.destination.address.Address.SocketAddress.PortSpecifier.PortValue":
      port = value.number
    case "input.attributes.request.http.method": method = Self.text(value)
    case "input.attributes.request.http.path": path = Self.text(value)
    default:
      if key == "error" || key.hasPrefix("error.") { hasFailed = hasFailed || !value.isEmpty }
      if key.hasPrefix("bundles."), key.hasSuffix(".revision"), !value.isEmpty {
        revisions.append("\(key.dropFirst(8).dropLast(9))=\(value.text)")
      }
    }
  }

  private static func text(_ value: Bytes) -> String? {
    value.isEmpty ? nil : value.text
  }
}
