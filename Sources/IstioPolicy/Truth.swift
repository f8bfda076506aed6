/// Kleene's three values, ordered: what cannot be known is `maybe`, never guessed.
enum Truth: UInt8, Comparable, Sendable {
  case no
  case maybe
  case yes

  @inline(__always)
  static func < (left: Truth, right: Truth) -> Bool { left.rawValue < right.rawValue }

  init(_ value: Bool) { self = value ? .yes : .no }

  var negated: Truth {
    switch self {
    case .no: .yes
    case .maybe: .maybe
    case .yes: .no
    }
  }
}
