/// What a value of a line means.
enum FieldMeaning: UInt8, Hashable, Sendable {
  case field
  case time
  case code
  case bytesReceived
  case bytesSent
  /// Milliseconds.
  case duration
  /// Nanoseconds, as Linkerd writes.
  case durationNanoseconds
  /// Known, but not needed.
  case unused
  /// A key that the format does not have.
  case unknown
}
