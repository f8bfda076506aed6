/// How much a finding matters, most urgent first.
package enum Severity: String, Codable, Hashable, Sendable, CaseIterable, Comparable {
  case critical
  case high
  case medium
  case low
  case info

  /// 0 is the most urgent.
  package var rank: Int {
    switch self {
    case .critical: 0
    case .high: 1
    case .medium: 2
    case .low: 3
    case .info: 4
    }
  }

  /// `a < b` when a is less urgent than b, so that `>= .high` reads as it sounds.
  package static func < (left: Severity, right: Severity) -> Bool { left.rank > right.rank }

  /// One step more urgent; critical stays.
  package var raised: Severity {
    switch self {
    case .critical, .high: .critical
    case .medium: .high
    case .low: .medium
    case .info: .low
    }
  }
}

/// How sure a rule is that what it finds is a defect.
package enum Confidence: String, Codable, Hashable, Sendable, CaseIterable {
  case high
  case medium
  case low
}
