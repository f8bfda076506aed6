/// Whether something fits; a reason where that is not known.
enum SelectorMatch: Hashable {
  case yes
  case no
  case unknown(String)

  init(_ fits: Bool) { self = fits ? .yes : .no }

  /// Compares a value that may not be known.
  init(_ value: GoTemplate.Value, is wanted: String) {
    switch value {
    case .text(let text): self.init(text == wanted)
    case .unknown(let reason): self = .unknown(reason)
    }
  }
}
