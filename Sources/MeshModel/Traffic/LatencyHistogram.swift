/// How long requests took, in whole milliseconds, as counts in 56 buckets.
///
/// 0 to 3 ms exactly, then four buckets for each doubling up to 28,671 ms and one for everything
/// above, so that a percentile is off by at most an eighth. Counts add, so histograms merge in any
/// order.
package struct LatencyHistogram: Hashable, Sendable {
  package static let bucketCount = 56

  /// One count a bucket; empty as long as nothing was recorded.
  package private(set) var buckets: [UInt64] = []

  package init() {}

  /// The histogram with these counts; all zeros are the same as no counts.
  package init(buckets: [UInt64]) {
    guard buckets.contains(where: { $0 != 0 }) else { return }
    self.buckets = buckets
    guard buckets.count != LatencyHistogram.bucketCount else { return }
    self.buckets = Array(buckets.prefix(LatencyHistogram.bucketCount))
    while self.buckets.count < LatencyHistogram.bucketCount { self.buckets.append(0) }
  }

  /// The bucket of a duration.
  @inlinable
  package static func bucket(milliseconds: Int) -> Int {
    guard milliseconds > 3 else { return max(milliseconds, 0) }
    let top = Int.bitWidth - 1 - milliseconds.leadingZeroBitCount
    return min((top - 1) * 4 + (milliseconds >> (top - 2)) & 3, 55)
  }

  /// The smallest duration of a bucket.
  package static func lowerBound(bucket: Int) -> Int {
    guard bucket > 3 else { return bucket }
    return (4 + bucket & 3) << (bucket / 4 - 1)
  }

  package mutating func record(milliseconds: Int) {
    if buckets.isEmpty { buckets = Array(repeating: 0, count: LatencyHistogram.bucketCount) }
    buckets[LatencyHistogram.bucket(milliseconds: milliseconds)] += 1
  }

  package mutating func add(_ other: LatencyHistogram) {
    guard !other.buckets.isEmpty else { return }
    guard !buckets.isEmpty else {
      buckets = other.buckets
      return
    }
    for index in buckets.indices { buckets[index] += other.buckets[index] }
  }

  /// Takes away requests that are among those that were recorded.
  package mutating func subtract(_ other: LatencyHistogram) {
    guard !other.buckets.isEmpty, !buckets.isEmpty else { return }
    for index in buckets.indices { buckets[index] -= min(buckets[index], other.buckets[index]) }
    if buckets.allSatisfy({ $0 == 0 }) { buckets = [] }
  }

  /// The number of requests whose duration was recorded.
  package var count: UInt64 { buckets.reduce(0, +) }

  /// The duration that `fraction` (0 to 1) of the requests did not exceed, as the middle of its
  /// bucket; nil when nothing was recorded.
  package func percentile(_ fraction: Double) -> Int? {
    let total = count
    guard total > 0 else { return nil }
    let rank = max(1, UInt64((Double(total) * fraction).rounded(.up)))
    var seen: UInt64 = 0
    for (index, amount) in buckets.enumerated() {
      seen += amount
      guard seen >= rank else { continue }
      let lower = LatencyHistogram.lowerBound(bucket: index)
      guard index < buckets.count - 1 else { return lower }
      return (lower + LatencyHistogram.lowerBound(bucket: index + 1) - 1) / 2
    }
    return nil
  }
}
