/// Finds out which keys many results can keep together, so that none has more than all may have.
package struct PairLevel: Sendable {
  private let keyLimit: Int
  private var level = 0
  private var keys: Set<UInt64> = []

  package init(options: AccessLogOptions) {
    keyLimit = options.pairLimit
    if keyLimit == 0 { level = PairSample.deepestLevel }
  }

  /// Takes another result into account; true when those before it now keep too much.
  package mutating func take(_ result: AccessLogResult) -> Bool {
    let before = level
    raise(to: result.pairs.sample.level)
    for entry in result.pairs.sample.entries where isKept(entry.hash) { keys.insert(entry.hash) }
    while keys.count > keyLimit, level < PairSample.deepestLevel { raise(to: level + 1) }
    return level > before
  }

  /// Lets a result keep no more than all may.
  package func limit(_ result: inout AccessLogResult) { result.pairs.raise(to: level) }

  private func isKept(_ hash: UInt64) -> Bool { hash >> UInt64(64 - level) == 0 }

  private mutating func raise(to level: Int) {
    guard level > self.level else { return }
    self.level = level
    keys = keys.filter(isKept)
  }
}
