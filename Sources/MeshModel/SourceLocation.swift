/// A place in an input: file, line and column.
///
/// Line and column are 1-based and count bytes' characters as an editor does; line 0 means the file as
/// a whole (a certificate in DER, a file that could not be read).
package struct SourceLocation: Codable, Hashable, Sendable {
  /// The path as the user gave it, joined with the path inside the folder; `-` is standard input.
  package var path: String
  package var line: Int
  package var column: Int

  package init(path: String, line: Int = 0, column: Int = 0) {
    self.path = path
    self.line = line
    self.column = column
  }
}

extension SourceLocation: Comparable {
  package static func < (left: SourceLocation, right: SourceLocation) -> Bool {
    (left.path, left.line, left.column) < (right.path, right.line, right.column)
  }
}

extension SourceLocation: CustomStringConvertible {
  /// `mesh/agents.yaml:41:9`, or the path alone for a whole file.
  package var description: String { line == 0 ? path : "\(path):\(line):\(column)" }
}

/// A value together with the place where the user wrote it.
package struct Located<Value: Sendable>: Sendable {
  package var value: Value
  package var location: SourceLocation

  package init(_ value: Value, at location: SourceLocation) {
    self.value = value
    self.location = location
  }
}

extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}
