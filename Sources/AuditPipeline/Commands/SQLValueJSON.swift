import MeshModel
import RuleEngine

extension SQLValue {
  /// The value as JSON; a blob is null, views have none.
  var json: JSONValue {
    switch self {
    case .null, .blob: .null
    case .integer(let value): .int(value)
    case .real(let value): .double(value)
    case .text(let text): .string(text)
    }
  }
}
