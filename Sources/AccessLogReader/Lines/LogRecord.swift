/// One line, taken apart: the fields as bytes of the line, the numbers as numbers.
///
/// One record serves all lines of a scanner; `reset` empties it.
struct LogRecord: ~Copyable {
  private let fields: UnsafeMutablePointer<Bytes>
  /// Nanoseconds since 1970.
  var time: Int64 = 0
  /// Days since 1970.
  var day: Int32 = 0
  var hour: UInt32 = 0
  /// 0 when absent.
  var code = 0
  var bytesReceived = 0
  var bytesSent = 0
  /// Milliseconds, -1 when absent.
  var duration = -1
  /// Which format the line has: an index into the scanner's formats.
  var format = 0
  /// ztunnel and Linkerd: whether the line was written by the caller's side.
  var isOutbound = false
  /// Whether fields were set that Istio's default formats do not have.
  private(set) var hasOthers = false

  init() {
    fields = .allocate(capacity: LogField.allCases.count)
    fields.initialize(repeating: Bytes(), count: LogField.allCases.count)
  }

  deinit {
    fields.deallocate()
  }

  @inline(__always)
  subscript(field: LogField) -> Bytes {
    get { fields[field.rawValue] }
    set {
      fields[field.rawValue] = newValue
      if field.rawValue >= LogField.firstBesidesDefaults.rawValue { hasOthers = true }
    }
  }

  @inline(__always)
  mutating func reset() {
    let count = LogField.firstBesidesDefaults.rawValue
    fields.update(repeating: Bytes(), count: count)
    if hasOthers {
      (fields + count).update(repeating: Bytes(), count: LogField.allCases.count - count)
      hasOthers = false
    }
    code = 0
    bytesReceived = 0
    bytesSent = 0
    duration = -1
    isOutbound = false
  }
}
