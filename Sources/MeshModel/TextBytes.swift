extension String {
  /// Calls `body` with the UTF-8 bytes; native strings are not copied.
  @inlinable @inline(__always)
  package func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    return Array(utf8).withUnsafeBufferPointer(body)
  }

  /// Whether both texts are the same bytes.
  ///
  /// `==` takes canonically equivalent characters for equal; proxies compare bytes.
  package func hasSameBytes(as other: String) -> Bool {
    withBytes { left in
      other.withBytes { right in left.count == right.count && left.elementsEqual(right) }
    }
  }

  /// Whether the text starts with the bytes of another.
  package func hasPrefixBytes(of other: String) -> Bool {
    withBytes { text in
      other.withBytes { text.count >= $0.count && text.prefix($0.count).elementsEqual($0) }
    }
  }

  /// Whether the text ends with the bytes of another.
  package func hasSuffixBytes(of other: String) -> Bool {
    withBytes { text in
      other.withBytes { text.count >= $0.count && text.suffix($0.count).elementsEqual($0) }
    }
  }
}
