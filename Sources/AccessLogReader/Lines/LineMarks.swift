import CInflateShim

/// Where the newlines, spaces, double quotes and backslashes of a block of bytes are.
///
/// Made in one pass over the block with the widest vectors of the processor, and listed without a branch
/// that depends on the text: searching each line for its separators would mostly be waiting for
/// mispredicted branches.
struct LineMarks: ~Copyable {
  /// What the lines of a block are parted by.
  enum Separator {
    case space
    case quote
  }

  /// The marks of a block; valid until the next block is marked.
  struct View {
    let quotes: UnsafePointer<UInt64>
    let backslashes: UnsafePointer<UInt64>
    let separator: Separator
    /// One bit for each separator.
    let separators: UnsafePointer<UInt64>
    /// Places of all separators, in order.
    let places: UnsafePointer<UInt32>
    /// How many separators come before each word of the bits.
    let starts: UnsafePointer<UInt32>
    /// Places of all newlines, in order, and how many separators come before each.
    let lineEnds: UnsafePointer<UInt32>
    let lineEndRanks: UnsafePointer<UInt32>
    let lineEndCount: Int

    /// How many separators come before the byte.
    @inline(__always)
    func rank(_ byte: Int) -> Int {
      let word = separators[byte >> 6] & ((1 << UInt64(byte & 63)) - 1)
      return Int(starts[byte >> 6]) + word.nonzeroBitCount
    }
  }

  /// The most bytes that can be marked at once.
  static let capacity = 256 << 10
  private static let wordCount = capacity / 64 + 1
  private let words: UnsafeMutablePointer<UInt64>
  private let places: UnsafeMutablePointer<UInt32>
  private let starts: UnsafeMutablePointer<UInt32>
  private let lineEnds: UnsafeMutablePointer<UInt32>
  private let lineEndRanks: UnsafeMutablePointer<UInt32>

  init() {
    words = .allocate(capacity: LineMarks.wordCount * 4)
    words.initialize(repeating: 0, count: LineMarks.wordCount * 4)
    // Written before it is read, and most of it never: few blocks are all separators.
    places = .allocate(capacity: LineMarks.capacity + 64)
    starts = .allocate(capacity: LineMarks.wordCount)
    starts.initialize(repeating: 0, count: LineMarks.wordCount)
    lineEnds = .allocate(capacity: LineMarks.capacity + 64)
    lineEndRanks = .allocate(capacity: LineMarks.capacity + 64)
  }

  deinit {
    words.deallocate()
    places.deallocate()
    starts.deallocate()
    lineEnds.deallocate()
    lineEndRanks.deallocate()
  }

  /// Marks a block of at most `capacity` bytes.
  func mark(_ start: UnsafePointer<UInt8>, _ count: Int, _ separator: Separator) -> View {
    let spaces = words + LineMarks.wordCount
    let quotes = words + LineMarks.wordCount * 2
    let backslashes = words + LineMarks.wordCount * 3
    meshaudit_mark(start, count, words, spaces, quotes, backslashes)
    let separators = separator == .space ? spaces : quotes
    let end = (count + 63) / 64
    let total = meshaudit_list(separators, end, places, starts)
    // The end of a block may be asked for its rank.
    starts[end] = UInt32(total)
    separators[end] = 0
    let lineEndCount = meshaudit_line_ends(
      words, separators, starts, end, lineEnds, lineEndRanks)
    return View(
      quotes: quotes, backslashes: backslashes, separator: separator, separators: separators,
      places: places, starts: starts, lineEnds: lineEnds, lineEndRanks: lineEndRanks,
      lineEndCount: lineEndCount)
  }
}
