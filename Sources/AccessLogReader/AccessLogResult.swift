package import MeshModel

/// How many lines of access logs became what.
///
/// Counts add.
package struct AccessLogCounts: Hashable, Sendable {
  /// All lines that are not empty.
  package var lines = 0
  /// Lines that were read and counted as requests.
  package var read = 0
  /// Lines that can be understood in more than one way: counted, never evidence.
  package var ambiguous = 0
  /// Lines of no known format, or broken.
  package var rejected = 0
  /// Lines beyond the longest line; skipped.
  package var tooLong = 0
  /// A proxy's other messages, which are no access log lines.
  package var other = 0
  /// Last lines without an end that could not be read: the file is still being written or was cut.
  package var unterminated = 0
  /// Bytes, after decompression.
  package var bytes = 0
  /// Requests whose logged client address came from a header, so that it says nothing.
  package var claimedAddresses = 0
  /// Requests whose source stayed unknown.
  package var unknownSources = 0
  /// Requests whose destination workload stayed unknown.
  package var unknownDestinations = 0
  /// Requests that may be half of a pair, by the called's proxy without the caller's identity.
  package var pairableServerLines = 0
  /// Requests that may be half of a pair, by the caller's proxy.
  package var pairableClientLines = 0
  /// Lines read, by format.
  package var readByFormat: [String: Int] = [:]

  package init() {}

  package mutating func add(_ other: AccessLogCounts) {
    lines += other.lines
    read += other.read
    ambiguous += other.ambiguous
    rejected += other.rejected
    tooLong += other.tooLong
    self.other += other.other
    unterminated += other.unterminated
    bytes += other.bytes
    claimedAddresses += other.claimedAddresses
    unknownSources += other.unknownSources
    unknownDestinations += other.unknownDestinations
    pairableServerLines += other.pairableServerLines
    pairableClientLines += other.pairableClientLines
    readByFormat.merge(other.readByFormat, uniquingKeysWith: +)
  }
}

/// What access logs said: requests added up by key, and what could not be read.
///
/// Results merge: any split of the input into files or parts, merged in any order, gives the same
/// result as one run.
package struct AccessLogResult: Hashable, Sendable {
  /// A line that was not read, kept as an example.
  package struct Example: Hashable, Comparable, Sendable {
    package enum Problem: String, Hashable, Sendable {
      case ambiguous
      case rejected
      case tooLong = "too-long"
      case unterminated
    }

    package var path: String
    /// 1-based, counted in the text after decompression.
    package var line: Int
    package var problem: Problem

    package static func < (left: Example, right: Example) -> Bool {
      (left.path, left.line, left.problem.rawValue)
        < (right.path, right.line, right.problem.rawValue)
    }
  }

  package var requests: [ObservedRequestKey: ObservedRequestSum] = [:]
  package var counts = AccessLogCounts()
  package var firstSeen: UTCTime?
  package var lastSeen: UTCTime?
  /// The first few lines that were not read, in order.
  package var examples: [Example] = []
  /// When the proxy of each workload is known to have logged.
  package var coverage: [WorkloadID: LogCoverage] = [:]
  /// How many segments of paths are kept where there are too many different ones.
  package var pathDepths: [PathGroup: Int] = [:]
  /// Whether there are too many unknown hosts to keep.
  package var hasTooManyHosts = false
  /// Lines that may have been logged by both proxies, until they are joined.
  var pairs: PairRows
  package var options: AccessLogOptions
  /// Why nothing of it may be counted: rows of an engine that are broken or not all there.
  package var problem: String?

  package init(options: AccessLogOptions) {
    self.options = options
    pairs = PairRows(keyLimit: options.pairLimit)
  }

  /// Adds what another part of the input said.
  package mutating func merge(_ other: AccessLogResult) {
    guard self != AccessLogResult(options: options) else {
      // Nothing is here yet.
      let own = options
      self = other
      guard options != own else { return }
      options = own
      pairs.add([], keyLimit: own.pairLimit, level: 0)
      limitNames()
      return
    }
    takeRequests(of: other) { $0 }
    counts.add(other.counts)
    if let time = other.firstSeen { firstSeen = min(firstSeen ?? time, time) }
    if let time = other.lastSeen { lastSeen = max(lastSeen ?? time, time) }
    examples = Array((examples + other.examples).sorted().prefix(options.exampleLimit))
    for (workload, more) in other.coverage { cover(workload, more) }
    pathDepths.merge(other.pathDepths, uniquingKeysWith: min)
    hasTooManyHosts = hasTooManyHosts || other.hasTooManyHosts
    problem = problem ?? other.problem
    limitNames()
  }

  /// Lines of examples hold the number of their segment above these bits, until they are placed.
  static let segmentShift = 40

  /// Places the lines of the examples of a log that was read in segments.
  ///
  /// - Parameter lineCounts: how many lines each segment has.
  package mutating func placeLines(ofSegments lineCounts: [Int]) {
    var starts: [Int] = []
    var total = 0
    for count in lineCounts {
      starts.append(total)
      total += count
    }
    for index in examples.indices {
      let line = examples[index].line
      let segment = line >> AccessLogResult.segmentShift
      examples[index].line =
        starts[segment] + line & (1 << AccessLogResult.segmentShift - 1)
    }
  }

  /// Moves the lines of the examples: for a part of a file that starts after `lines` lines.
  package mutating func shiftLines(by lines: Int) {
    for index in examples.indices { examples[index].line += lines }
  }

  /// Adds lines of which none is kept as half of a pair.
  mutating func add(_ sum: ObservedRequestSum, to key: ObservedRequestKey) {
    pairs.addRest(sum, to: key)
    requests[key, default: sum.none].add(sum)
  }

  /// Adds lines of which some are kept as halves of pairs, and returns the number of their row.
  ///
  /// - Parameter rest: when those were that are not kept; nil when all are.
  mutating func add(
    _ sum: ObservedRequestSum, rest: PairRows.Times?, to key: ObservedRequestKey
  ) -> UInt32 {
    let row = pairs.index(of: key, others: requests[key])
    pairs.addRest(rest, to: row)
    requests[key, default: sum.none].add(sum)
    return row
  }

  /// Adds the requests of another result, and the halves of pairs among them, under the keys that `name`
  /// gives.
  mutating func takeRequests(
    of other: AccessLogResult, as name: (ObservedRequestKey) -> ObservedRequestKey
  ) {
    guard !other.pairs.rows.isEmpty else {
      for (key, sum) in other.requests { add(sum, to: name(key)) }
      pairs.add(
        other.pairs.sample.entries, keyLimit: other.pairs.sample.keyLimit,
        level: other.pairs.sample.level)
      return
    }
    var rows: [UInt32] = Array(repeating: 0, count: other.pairs.rows.count)
    for (key, sum) in other.requests {
      if let number = other.pairs.number(of: key) {
        rows[Int(number)] = add(sum, rest: other.pairs.rows[Int(number)].rest, to: name(key))
      } else {
        add(sum, to: name(key))
      }
    }
    let entries = other.pairs.sample.entries.lazy.map { entry in
      entry.withRows { rows[Int($0)] }
    }
    pairs.add(
      entries, keyLimit: other.pairs.sample.keyLimit, level: other.pairs.sample.level)
  }

  /// Gives requests other keys; those that come to be the same are added up.
  mutating func rename(_ name: (ObservedRequestKey) -> ObservedRequestKey) {
    let old = self
    requests = [:]
    pairs = PairRows(keyLimit: options.pairLimit)
    takeRequests(of: old, as: name)
  }

  mutating func cover(_ workload: WorkloadID, _ more: LogCoverage) {
    if coverage[workload]?.add(more) == nil { coverage[workload] = more }
  }
}
