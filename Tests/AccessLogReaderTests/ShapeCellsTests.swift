import MeshModel
import Testing

@testable import AccessLogReader

@Suite struct ShapeCellsTests {
  private func add(_ text: String, to cells: inout ShapeCells) -> Int {
    Array(text.utf8).withUnsafeBufferPointer { buffer in
      cells.append(Bytes(buffer.baseAddress.unsafelyUnwrapped, buffer.count), hash: 1)
    }
  }

  @Test func aBucketHoldsMoreThanAByte() {
    var cells = ShapeCells(cellCount: 4, keyByteCount: 1000)
    let first = add("a shape", to: &cells)
    let second = add("another", to: &cells)
    for _ in 0..<1000 { cells.count(bucket: 7, of: first) }
    cells.count(bucket: 55, of: first)
    cells.add(1 << 40, bucket: 7, of: first)
    cells.add(255, bucket: 0, of: second)
    cells.add(1, bucket: 0, of: second)
    var expected = [UInt64](repeating: 0, count: LatencyHistogram.bucketCount)
    expected[7] = 1000 + (1 << 40)
    expected[55] = 1
    #expect(cells.amounts(first) == expected)
    #expect(cells.amounts(second)[0] == 256)
    #expect(cells.amounts(second).dropFirst().allSatisfy { $0 == 0 })
    #expect(cells.key(first).text == "a shape")
  }

  @Test func whatIsEmptiedStartsFromNothing() {
    var cells = ShapeCells(cellCount: 4, keyByteCount: 1000)
    let old = add("a shape", to: &cells)
    cells.add(100_000, bucket: 3, of: old)
    cells.removeAll()
    let new = add("another", to: &cells)
    #expect(cells.amounts(new).allSatisfy { $0 == 0 })
    #expect(cells.sums(new).pointee.count == 0)
    #expect(cells.key(new).text == "another")
  }
}
