/// A number and what it counts, in the singular or the plural.
package enum CountedNoun {
  /// `1 log`, `2 logs`.
  package static func text(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}
