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
  }

  private var entries: [[UInt8]: Entry] = [:]

  private static let learnedLimit = 64
  private static let learnedKeyLimit = 64
  private let learnedEntries: UnsafeMutablePointer<Entry>
  private let learnedCounts: UnsafeMutablePointer<Int>
  private let learnedBytes: UnsafeMutablePointer<UInt8>

  /// How many keys the format has.
  var keyCount: Int { entries.count }

  init() {
    learnedEntries = .allocate(capacity: JSONKeyTable.learnedLimit)
    learnedEntries.initialize(
      repeating: Entry(meaning: .unknown, field: .method, number: 63),
      count: JSONKeyTable.learnedLimit)
    learnedCounts = .allocate(capacity: JSONKeyTable.learnedLimit)
    learnedCounts.initialize(repeating: -1, count: JSONKeyTable.learnedLimit)
    let size = JSONKeyTable.learnedLimit * JSONKeyTable.learnedKeyLimit
    learnedBytes = .allocate(capacity: size)
    learnedBytes.initialize(repeating: 0, count: size)
  }

  deinit {
    learnedEntries.deallocate()
    learnedCounts.deallocate()
    learnedBytes.deallocate()
  }

  /// Adds a key; a key that is already there gets the new meaning.
  func add(_ key: String, _ meaning: FieldMeaning, _ field: LogField = .method) {
    let bytes = Array(key.utf8)
    let number: UInt8
    if meaning == .unused || meaning == .unknown {
      number = 63
    } else {
      number = entries[bytes]?.number ?? UInt8(min(entries.count, 62))
    }
    entries[bytes] = Entry(meaning: meaning, field: field, number: number)
    for index in 0..<JSONKeyTable.learnedLimit { learnedCounts[index] = -1 }
  }

  /// The entry of a key that stands at place `index` of its line.
  @inline(__always)
  func entry(of key: Bytes, at index: Int) -> Entry {
    if index < JSONKeyTable.learnedLimit, learnedCounts[index] == key.count,
      JSONKeyTable.areEqual(
        learnedBytes + index * JSONKeyTable.learnedKeyLimit, key.pointer, key.count)
    {
      return learnedEntries[index]
    }
    return lookUp(key, at: index)
  }

  /// Whether two keys of one length are equal; without a call, for keys are short.
  @inline(__always)
  private static func areEqual(
    _ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ count: Int
  ) -> Bool {
    let left = UnsafeRawPointer(left)
    let right = UnsafeRawPointer(right)
    guard count >= 8 else {
      var difference: UInt8 = 0
      for index in 0..<count {
        difference |=
          left.load(fromByteOffset: index, as: UInt8.self)
          ^ right.load(fromByteOffset: index, as: UInt8.self)
      }
      return difference == 0
    }
    var difference =
      left.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
      ^ right.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
    var offset = 0
    while offset + 8 < count {
      difference |=
        left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        ^ right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      offset += 8
    }
    return difference == 0
  }

  @inline(never)
  private func lookUp(_ key: Bytes, at index: Int) -> Entry {
    let bytes = Array(UnsafeBufferPointer(start: key.start, count: key.count))
    let entry = entries[bytes] ?? Entry(meaning: .unknown, field: .method, number: 63)
    if index < JSONKeyTable.learnedLimit, key.count > 0,
      key.count <= JSONKeyTable.learnedKeyLimit
    {
      learnedEntries[index] = entry
      learnedCounts[index] = key.count
      memcpy(learnedBytes + index * JSONKeyTable.learnedKeyLimit, key.pointer, key.count)
    }
    return entry
  }
}
