import Testing

@testable import AuditPipeline

@Suite struct SpoolTests {
  /// In memory, on the disk, and where one becomes the other.
  @Test(arguments: [1, 1_000, 1 << 30]) func whatIsKeptIsReadAgain(largestMemory: Int) throws {
    let spool = Spool(largestMemory: largestMemory)
    let parts = (0..<50).map { [UInt8](repeating: UInt8($0), count: $0 * 37 + 1) }
    var ranges: [Range<Int>] = []
    for part in parts { ranges.append(try spool.append(part)) }
    for (part, range) in zip(parts, ranges).reversed() {
      var reader = SpoolReader(spool, range)
      let found = try reader.next(part.count) { Array($0) }
      #expect(found == part)
      let isAtEnd = reader.isAtEnd
      #expect(isAtEnd)
    }
  }

  @Test func entriesAcrossAndBeyondTheBufferAreWhole() throws {
    let spool = Spool(largestMemory: 10)
    let bytes = (0..<1_500_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    let range = try spool.append(bytes)
    var reader = SpoolReader(spool, range)
    var found: [UInt8] = []
    for count in [5, 200_000, 100_000, 3, 700_000, 1, 262_144] {
      found += try reader.next(count) { Array($0) }
    }
    #expect(found == Array(bytes.prefix(found.count)))
    let rest = try reader.next(bytes.count - found.count) { Array($0) }
    #expect(found + rest == bytes)
    let isAtEnd = reader.isAtEnd
    #expect(isAtEnd)
  }

  @Test func writersAtOnceKeepWhatIsTheirs() async throws {
    let spool = Spool(largestMemory: 5_000)
    let kept = try await withThrowingTaskGroup(of: [(UInt8, Range<Int>)].self) { group in
      for writer in UInt8(0)..<8 {
        group.addTask {
          try (0..<40).map { (writer, try spool.append([UInt8](repeating: writer, count: $0 + 1))) }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    for (writer, range) in kept {
      var reader = SpoolReader(spool, range)
      let found = try reader.next(range.count) { Array($0) }
      #expect(found.allSatisfy { $0 == writer })
    }
    #expect(kept.count == 320)
  }
}
