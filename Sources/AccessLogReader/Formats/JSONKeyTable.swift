import CInflateShim

/// The keys of JSON access logs and what they mean, with a memory of the order in which they came:
/// the n-th key of a line is nearly always the n-th key of the line before.
///
/// A class for the memory it owns.
final class JSONKeyTable {
  struct Entry {
    var meaning: FieldMeaning
    var field: LogField
    /// Its bit in `seen`; 63 for unknown and unused keys.
    var number: UInt8
    /// Whether its values are whole numbers as they are to be stored.
    var isNumber = false
  }

  /// What was learned, for the reader of each line: pointers into the table, which lives longer than any
  /// reader, so that no reference is counted for a line.
  struct Learned {
    fileprivate let entries: UnsafeMutablePointer<Entry>
    fileprivate let counts: UnsafeMutablePointer<Int>
    fileprivate let literals: UnsafeMutablePointer<UInt8>
    fileprivate let masks: UnsafeMutablePointer<UInt8>

    /// The entry of the key whose `"key":` starts at `text`, when it is the one that stood at place `index`
    /// before, and how many bytes that is.
    ///
    /// `text` must have `literalLimit` bytes.
    @inline(__always)
    func entry(_ text: UnsafePointer<UInt8>, at index: Int) -> (entry: Entry, count: Int)? {
      guard index < JSONKeyTable.learnedLimit else { return nil }
      let count = counts[index]
      let offset = index &* JSONKeyTable.literalLimit
      guard count > 0, meshaudit_equal48(text, literals + offset, masks + offset) != 0 else {
        return nil
      }
      return (entries[index], count)
    }
  }

  var learned: Learned {
    Learned(entries: learnedEntries, counts: learnedCounts, literals: literals, masks: masks)
  }

  private var entries: [[UInt8]: Entry] = [:]

  /// Numbers from here on are of keys that other messages have, too, and that tell no access log line.
  static let countedNumbers = 61
  private static let uncounted: [LogField: UInt8] = [.requestID: 61, .upstreamLocalAddress: 62]

  fileprivate static let learnedLimit = 64
  /// `"key":` of longer keys is not learned.
  static let literalLimit = 48
  private let learnedEntries: UnsafeMutablePointer<Entry>
  /// Bytes of `"key":` at each place of a line, -1 where none is known.
  private let learnedCounts: UnsafeMutablePointer<Int>
  /// `literalLimit` bytes for each place, and as many that are all ones where they count.
  private let literals: UnsafeMutablePointer<UInt8>
  private let masks: UnsafeMutablePointer<UInt8>

  /// How many keys the format has.
  var keyCount: Int { entries.count }

  init() {
    learnedEntries = .allocate(capacity: JSONKeyTable.learnedLimit)
    learnedEntries.initialize(
      repeating: Entry(meaning: .unknown, field: .method, number: 63),
      count: JSONKeyTable.learnedLimit)
    learnedCounts = .allocate(capacity: JSONKeyTable.learnedLimit)
    learnedCounts.initialize(repeating: -1, count: JSONKeyTable.learnedLimit)
    let size = JSONKeyTable.learnedLimit * JSONKeyTable.literalLimit
    literals = .allocate(capacity: size)
    literals.initialize(repeating: 0, count: size)
    masks = .allocate(capacity: size)
    masks.initialize(repeating: 0, count: size)
  }

  deinit {
    learnedEntries.deallocate()
    learnedCounts.deallocate()
    literals.deallocate()
    masks.deallocate()
  }

  /// Adds a key; a key that is already there gets the new meaning.
  func add(_ key: String, _ meaning: FieldMeaning, _ field: LogField = .method) {
    let bytes = Array(key.utf8)
    let number: UInt8
    if meaning == .unused || meaning == .unknown {
      number = 63
    } else {
      number =
        JSONKeyTable.uncounted[field] ?? entries[bytes]?.number
        ?? UInt8(min(entries.count, JSONKeyTable.countedNumbers - 1))
    }
    let isNumber = [.code, .bytesReceived, .bytesSent, .duration].contains(meaning)
    entries[bytes] = Entry(
      meaning: meaning, field: field, number: number, isNumber: isNumber && number != 63)
    for index in 0..<JSONKeyTable.learnedLimit { learnedCounts[index] = -1 }
  }

  /// The entry of a key, wherever it stands.
  func known(_ key: Bytes) -> Entry {
    let bytes = Array(UnsafeBufferPointer(start: key.start, count: key.count))
    return entries[bytes] ?? Entry(meaning: .unknown, field: .method, number: 63)
  }

  /// The entry of a key that stands at place `index` of its line.
  @inline(never)
  func entry(of key: Bytes, at index: Int) -> Entry {
    let bytes = Array(UnsafeBufferPointer(start: key.start, count: key.count))
    let entry = known(key)
    let literal = [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\""), UInt8(ascii: ":")]
    if index < JSONKeyTable.learnedLimit, literal.count <= JSONKeyTable.literalLimit {
      learnedEntries[index] = entry
      learnedCounts[index] = literal.count
      let offset = index * JSONKeyTable.literalLimit
      for place in 0..<JSONKeyTable.literalLimit {
        literals[offset + place] = place < literal.count ? literal[place] : 0
        masks[offset + place] = place < literal.count ? 0xFF : 0
      }
    }
    return entry
  }
}
