/// Counts lines up to places that only move on, so that all of a document is looked at once.
struct LineCounter {
  private var position = 0
  private var lines = 1

  /// The 1-based line of a place at or behind the last one that was asked for.
  mutating func line(at place: Int, in text: Bytes) -> Int {
    while position < min(place, text.count) {
      if text[position] == 10 { lines += 1 }
      position += 1
    }
    return lines
  }
}
