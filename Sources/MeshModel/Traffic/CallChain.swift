/// Calls through others, added up by day: who acted, through whom, on what.
///
/// Two calls make an edge of the second order (`planner` through `browser` to `web`), three one of the
/// third. That a call belongs to another, applications say: they pass the trace's context on.
package struct CallChain: Hashable, Sendable {
  /// The most hops that are kept; a longer chain is there with its last ones.
  package static let longest = 6

  package struct Key: Hashable, Sendable {
    /// UTC day, `2026-11-24`.
    package var day: String
    /// From the one that acted to the one that was called in the end: three or more.
    package var hops: [ObservedParty]

    package init(day: String, hops: [ObservedParty]) {
      self.day = day
      self.hops = hops
    }
  }

  package var key: Key
  package var count: Int
  package var firstSeen: UTCTime
  package var lastSeen: UTCTime

  package init(key: Key, count: Int, firstSeen: UTCTime, lastSeen: UTCTime) {
    self.key = key
    self.count = count
    self.firstSeen = firstSeen
    self.lastSeen = lastSeen
  }

  package mutating func add(_ other: CallChain) {
    count += other.count
    firstSeen = min(firstSeen, other.firstSeen)
    lastSeen = max(lastSeen, other.lastSeen)
  }
}

/// What a workload's spans hold, by day.
package struct TracedWorkload: Hashable, Sendable {
  package struct Key: Hashable, Sendable {
    package var day: String
    package var workload: WorkloadID

    package init(day: String, workload: WorkloadID) {
      self.day = day
      self.workload = workload
    }
  }

  package var spanCount = 0
  /// Spans with attributes of the conventions for generative AI or the Model Context Protocol
  /// (OpenTelemetry semantic conventions: `gen_ai.*`, `mcp.*`).
  package var agentSpanCount = 0

  package init() {}
}
