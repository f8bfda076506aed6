import AuditModel
import Synchronization

/// Rules that several evaluators take from, each rule once.
final class RuleQueue: Sendable {
  private let rules: [Rule]
  private let position = Mutex(0)

  init(_ rules: [Rule]) {
    var seen: Set<String> = []
    self.rules = rules.filter { seen.insert($0.id).inserted }
  }

  func next() -> Rule? {
    position.withLock { position in
      guard position < rules.count else { return nil }
      defer { position += 1 }
      return rules[position]
    }
  }
}
