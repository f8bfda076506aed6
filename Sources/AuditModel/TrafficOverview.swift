package import MeshModel

/// What was observed, by evidence; when proxies are known to have logged; who acted through whom.
package struct TrafficOverview: Codable, Sendable, Hashable {
  /// Requests that one kind of evidence shows, on the server's side where it has one.
  package struct EvidenceLine: Codable, Sendable, Hashable {
    /// `log`, `counter` or `trace`.
    package var evidence: String
    package var requestCount: Int
    /// Requests of callers whose identity the mesh verified.
    package var verifiedCount: Int
    package var firstSeen: UTCTime
    package var lastSeen: UTCTime

    package init(
      evidence: String, requestCount: Int, verifiedCount: Int, firstSeen: UTCTime,
      lastSeen: UTCTime
    ) {
      self.evidence = evidence
      self.requestCount = requestCount
      self.verifiedCount = verifiedCount
      self.firstSeen = firstSeen
      self.lastSeen = lastSeen
    }
  }

  /// When a workload's proxy logged.
  package struct CoverageLine: Codable, Sendable, Hashable {
    package var workload: String
    /// Nil when no line of it was given.
    package var firstSeen: UTCTime?
    package var lastSeen: UTCTime?
    package var hourCount: Int
    package var spanHourCount: Int
    package var longestGapHours: Int

    package init(
      workload: String, firstSeen: UTCTime?, lastSeen: UTCTime?, hourCount: Int,
      spanHourCount: Int, longestGapHours: Int
    ) {
      self.workload = workload
      self.firstSeen = firstSeen
      self.lastSeen = lastSeen
      self.hourCount = hourCount
      self.spanHourCount = spanHourCount
      self.longestGapHours = longestGapHours
    }
  }

  /// A chain of calls over all days.
  package struct ChainLine: Codable, Sendable, Hashable {
    package var hops: [String]
    package var callCount: Int
    package var lastSeen: UTCTime

    package init(hops: [String], callCount: Int, lastSeen: UTCTime) {
      self.hops = hops
      self.callCount = callCount
      self.lastSeen = lastSeen
    }
  }

  package var evidence: [EvidenceLine]
  /// Every workload in a mesh, by name.
  package var coverage: [CoverageLine]
  /// Those with most calls first, cut.
  package var chains: [ChainLine]
  /// All chains, also those that are cut.
  package var chainCount: Int

  package init(
    evidence: [EvidenceLine], coverage: [CoverageLine], chains: [ChainLine], chainCount: Int
  ) {
    self.evidence = evidence
    self.coverage = coverage
    self.chains = chains
    self.chainCount = chainCount
  }
}
