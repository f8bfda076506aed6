/// How much of a file tells what it is: 64 KiB, and as much behind its first line when that is long, so that
/// nobody hides a log behind one long line.
enum ContentPrefix {
  private static let least = 64 << 10
  /// No line of a log is as long.
  static let most = 2 << 20

  /// Nil while more is needed.
  static func count(of contents: [UInt8]) -> Int? {
    guard contents.count >= least else { return nil }
    let head = contents.prefix(most)
    guard let lineEnd = head.firstIndex(of: 10) else { return head.count == most ? most : nil }
    let count = lineEnd < least ? least : min(lineEnd + least, most)
    return contents.count >= count ? count : nil
  }
}
