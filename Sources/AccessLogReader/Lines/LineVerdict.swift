/// What became of a line.
enum LineVerdict {
  /// It was read; the record holds it.
  case read
  /// It holds several records; the reader's `next` gives them one by one.
  case several
  /// It is the first part of a line that goes on in the next one.
  case more
  /// It is a part of a line that is read with another segment of the log.
  case elsewhere
  /// It has this format but can be understood in more than one way, so it is counted and no evidence.
  case ambiguous
  /// It is not of this format.
  case rejected
  /// It is no access log line and does not claim to be one: a proxy's other messages.
  case other
}
