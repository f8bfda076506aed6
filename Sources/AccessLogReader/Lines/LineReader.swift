/// Finds out which format a line has, by its content, and reads it.
///
/// Several formats may be mixed in one file; each line is judged for itself.
struct LineReader: ~Copyable {
  /// The formats that lines may have; `LogRecord.format` is an index into them.
  private(set) var formats: [LineFormat] = []
  /// Broken records of a line with several.
  private(set) var rejectedInLine = 0
  private let istioText: Int
  private let istioJSON: Int
  private var times = LogTimeReader()
  private var json: JSONLine
  private let places = PlaceBuffer()

  init(options: AccessLogOptions) {
    json = JSONLine(longestLine: options.longestLine)
    formats = [.istioText, .istioJSON]
    istioText = 0
    istioJSON = 1
    for (key, meaning, field) in IstioJSONKeys.all { json.keys.add(key, meaning, field) }
  }

  /// Reads one line, not empty, without its end.
  @inline(__always)
  mutating func read(
    _ window: LineWindow, _ record: inout LogRecord, isFirst: Bool
  ) -> LineVerdict {
    var window = window
    if isFirst, window.line.hasPrefix("\u{FEFF}") { window.line = window.line.dropFirst(3) }
    guard window.line.count > 0 else { return .other }
    record.reset()
    switch window.line[0] {
    case UInt8(ascii: "["):
      record.format = istioText
      return IstioTextLine.read(window, &record, &times, places.pointer)
    case UInt8(ascii: "{"):
      record.format = istioJSON
      return json.read(window, &record, &times)
    default:
      return .rejected
    }
  }

  /// Reads the next record of a line with several; false after the last one.
  mutating func next(_ record: inout LogRecord) -> Bool { false }
}

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
