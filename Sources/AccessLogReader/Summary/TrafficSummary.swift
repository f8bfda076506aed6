/// Observed traffic in a form that merges: requests by key, coverage, and what was not read.
///
/// Written as JSON Lines (`docs/traffic-summary.md`), so that each node, or the engine where the logs
/// already live, can make one, and one machine audits them all. Any split of logs at line ends,
/// summarised and merged in any order, gives the summary of one run; only `contents` tells how the
/// logs were cut.
package struct TrafficSummary: Hashable, Sendable {
  /// The name and version of the format.
  package static let schema = "meshaudit-traffic/1"
  /// What inputs of this format are called.
  package static let formatName = "traffic-summary"

  /// One log that was counted: BLAKE3 digest and length of its contents after decompression, up to the end
  /// of the last complete line.
  package struct Content: Hashable, Comparable, Sendable {
    package var digest: String
    package var byteCount: Int

    package init(digest: String, byteCount: Int) {
      self.digest = digest
      self.byteCount = byteCount
    }

    package static func < (left: Content, right: Content) -> Bool {
      (left.digest, left.byteCount) < (right.digest, right.byteCount)
    }
  }

  /// What made it, `meshaudit 0.1.0`.
  package var tool: String
  package var result: AccessLogResult
  /// The logs that are in it, when they were identified.
  package var contents: Set<Content>
  /// Whether each of its logs is among `contents`, so that none can be counted twice unseen.
  package var isIdentified: Bool
  /// Inputs that could not be read, so that their traffic is missing.
  package var failedInputCount: Int

  package init(
    tool: String, result: AccessLogResult, contents: Set<Content> = [], isIdentified: Bool = true,
    failedInputCount: Int = 0
  ) {
    self.tool = tool
    self.result = result
    self.contents = contents
    self.isIdentified = isIdentified
    self.failedInputCount = failedInputCount
  }

  /// Adds another summary; the smaller limits of names hold.
  package mutating func merge(_ other: TrafficSummary) {
    result.options.pathLimit = min(result.options.pathLimit, other.result.options.pathLimit)
    result.options.hostLimit = min(result.options.hostLimit, other.result.options.hostLimit)
    result.merge(other.result)
    contents.formUnion(other.contents)
    isIdentified = isIdentified && other.isIdentified
    failedInputCount += other.failedInputCount
  }
}
