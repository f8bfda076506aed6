extension JSONCursor {
  /// Whether bytes start a JSON object, or an array of objects, or one of such arrays.
  static func startsObject(_ prefix: [UInt8]) -> Bool {
    let significant = prefix.lazy.filter { $0 > 32 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
    return significant.prefix(3).drop { $0 == UInt8(ascii: "[") }.first == UInt8(ascii: "{")
  }

  /// Reads JSON documents one after another, or the elements of an array, and says where one is broken
  /// or cut; nil where none is.
  ///
  /// A caller lets nothing of a broken file count: half of a trace would be chains that never were, and
  /// counters will come again whole.
  static func brokenPart(of bytes: [UInt8], read: (inout JSONCursor) -> Bool) -> String? {
    bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return nil }
      var cursor = JSONCursor(Bytes(base, buffer.count))
      // A byte order mark.
      if cursor.text.hasPrefix("\u{FEFF}") { cursor.position = 3 }
      cursor.skipSpace()
      while !cursor.isAtEnd {
        let isRead =
          cursor.next == UInt8(ascii: "[") ? cursor.elements { read(&$0) } : read(&cursor)
        guard isRead else { return "its JSON is broken or cut in line \(cursor.line)" }
        cursor.skipSpace()
      }
      return nil
    }
  }
}
