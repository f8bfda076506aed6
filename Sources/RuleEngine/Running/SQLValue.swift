/// A value as SQLite returns it.
package enum SQLValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob

  var text: String? { if case .text(let text) = self { text } else { nil } }
  var integer: Int64? { if case .integer(let value) = self { value } else { nil } }

  /// What kind of value this is, as messages say it.
  var typeName: String {
    switch self {
    case .null: "null"
    case .integer: "an integer"
    case .real: "a number"
    case .text: "a text"
    case .blob: "a blob"
    }
  }
}

/// The rows of one statement.
package struct SQLRows: Sendable {
  package var columns: [String]
  package var rows: [[SQLValue]]
  /// There were more rows than the limit.
  package var isTruncated: Bool
  /// The documented views that it read, sorted.
  package var viewsRead: [String]
}
