extension JSONCursor {
  /// Reads JSON documents one after another, and says where one is broken or cut; nil where none is.
  ///
  /// A caller lets nothing of a broken file count: half of a trace would be chains that never were, and
  /// counters will come again whole.
  static func brokenPart(of bytes: [UInt8], read: (inout JSONCursor) -> Bool) -> String? {
    bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return nil }
      var cursor = JSONCursor(Bytes(base, buffer.count))
      cursor.skipSpace()
      while !cursor.isAtEnd {
        guard read(&cursor) else { return "its JSON is broken or cut in line \(cursor.line)" }
        cursor.skipSpace()
      }
      return nil
    }
  }
}
