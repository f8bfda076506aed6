/// Room for the places of separators in a line.
struct PlaceBuffer: ~Copyable {
  let pointer: UnsafeMutablePointer<Int>

  init() {
    pointer = .allocate(capacity: 64)
    pointer.initialize(repeating: 0, count: 64)
  }

  deinit {
    pointer.deallocate()
  }
}
