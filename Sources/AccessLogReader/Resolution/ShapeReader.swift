/// A shape, taken apart again.
struct ShapeReader {
  var day: Int
  var format: Int
  var codeDigit: Int
  var marks: ShapeMarks
  private var fields: [Bytes]

  init(_ shape: Bytes) {
    let raw = UnsafeRawPointer(shape.pointer)
    day = Int(raw.loadUnaligned(as: Int32.self))
    format = Int(shape[4])
    codeDigit = Int(shape[5])
    marks = ShapeMarks(rawValue: raw.loadUnaligned(fromByteOffset: 6, as: UInt16.self))
    let mask = raw.loadUnaligned(fromByteOffset: 8, as: UInt32.self)
    fields = Array(repeating: Bytes(), count: LogField.allCases.count)
    var position = ShapeWriter.headerCount
    for field in ShapeWriter.order where mask & field.bit != 0 {
      let length = Int(shape[position]) | Int(shape[position + 1]) << 8
      fields[field.rawValue] = Bytes(shape.pointer + position + 2, length)
      position += 2 + length
    }
  }

  subscript(field: LogField) -> Bytes { fields[field.rawValue] }

  /// The text of a field, nil when absent.
  func text(_ field: LogField) -> String? {
    let bytes = fields[field.rawValue]
    return bytes.isEmpty ? nil : bytes.text
  }
}
