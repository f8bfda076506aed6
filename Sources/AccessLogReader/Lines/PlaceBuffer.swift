/// Room for the places of separators in a line that no list has.
struct PlaceBuffer: ~Copyable {
  /// The first and the last separators that `ends` writes.
  private let list: UnsafeMutablePointer<UInt32>
  private let scratch: UnsafeMutablePointer<Int>

  init() {
    list = .allocate(capacity: 64)
    list.initialize(repeating: 0, count: 64)
    scratch = .allocate(capacity: 64)
    scratch.initialize(repeating: 0, count: 64)
  }

  deinit {
    list.deallocate()
    scratch.deallocate()
  }

  /// The places of the first `left` and the last `right` spaces of a line, both in order and counted from
  /// its start; nil when there are not as many.
  @inline(never)
  func ends(_ window: LineWindow, left: Int, right: Int) -> (
    left: UnsafePointer<UInt32>, right: UnsafePointer<UInt32>
  )? {
    let space = UInt8(ascii: " ")
    guard window.first(left, of: space, into: scratch) == left else { return nil }
    for index in 0..<left { list[index] = UInt32(scratch[index]) }
    guard window.last(right, of: space, into: scratch) == right else { return nil }
    for index in 0..<right { list[left + index] = UInt32(scratch[right - 1 - index]) }
    return (UnsafePointer(list), UnsafePointer(list + left))
  }
}
