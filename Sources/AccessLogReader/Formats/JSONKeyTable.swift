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
    /// The keys as they stood.
    let keys: meshaudit_keys

    /// The entry of the key that stood at a place.
    @inline(__always)
    subscript(index: Int) -> Entry { entries[index] }
  }

  var learned: Learned {
    Learned(
      entries: learnedEntries,
      keys: meshaudit_keys(
        literals: literals, counts: learnedCounts, key_count: JSONKeyTable.learnedLimit))
  }

  private var entries: [[UInt8]: Entry] = [:]

  /// Numbers from here on are of keys that other messages have, too, and that tell no access log line.
  static let countedNumbers = 61
  private static let uncounted: [LogField: UInt8] = [.requestID: 61, .upstreamLocalAddress: 62]

  static let learnedLimit = 64
  /// `"key":` of longer keys is not learned.
  private static let literalLimit = Int(MESHAUDIT_KEY_STRIDE)
  private let learnedEntries: UnsafeMutablePointer<Entry>
  /// Bytes of `"key":` at each place of a line, 0 where none is known.
  private let learnedCounts: UnsafeMutablePointer<UInt8>
  /// `literalLimit` bytes for each place.
  private let literals: UnsafeMutablePointer<UInt8>

  /// How many keys the format has.
  var keyCount: Int { entries.count }

  init() {
    learnedEntries = .allocate(capacity: JSONKeyTable.learnedLimit)
    learnedEntries.initialize(
      repeating: Entry(meaning: .unknown, field: .method, number: 63),
      count: JSONKeyTable.learnedLimit)
    learnedCounts = .allocate(capacity: JSONKeyTable.learnedLimit)
    learnedCounts.initialize(repeating: 0, count: JSONKeyTable.learnedLimit)
    let size = JSONKeyTable.learnedLimit * JSONKeyTable.literalLimit
    literals = .allocate(capacity: size)
    literals.initialize(repeating: 0, count: size)
  }

  deinit {
    learnedEntries.deallocate()
    learnedCounts.deallocate()
    literals.deallocate()
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
    for index in 0..<JSONKeyTable.learnedLimit { learnedCounts[index] = 0 }
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
      learnedCounts[index] = UInt8(literal.count)
      let offset = index * JSONKeyTable.literalLimit
      for (place, byte) in literal.enumerated() { literals[offset + place] = byte }
    }
    return entry
  }
}
