/// A documented view: the public interface for rules and `meshaudit query`.
///
/// Name, columns and SQL stand in one value, so that the documentation cannot drift from what is there.
package struct View: Sendable {
  /// Chapters of `docs/views.md`, in this order.
  package enum Group: String, Sendable, CaseIterable {
    case run
    case configuration
    case access
    case traffic
    case certificates
    case register
    case result

    var title: String {
      switch self {
      case .run: "Run and inputs"
      case .configuration: "Configuration"
      case .access: "Identities, policies and access"
      case .traffic: "Traffic"
      case .certificates: "Certificates"
      case .register: "AI system register"
      case .result: "Results"
      }
    }
  }

  /// A column: its name, one line of description, and the expression over the tables.
  package struct Column: Sendable {
    package let name: String
    package let description: String
    let expression: String

    init(_ name: String, _ description: String, _ expression: String) {
      self.name = name
      self.description = description
      self.expression = expression
    }
  }

  package let name: String
  package let group: Group
  package let description: String
  package let columns: [Column]
  /// Everything from the tables on: `workloads w where …`.
  let source: String

  init(
    name: String, group: Group, description: String, columns: [Column], source: String
  ) {
    self.name = name
    self.group = group
    self.description = description
    self.columns = columns
    self.source = source
  }

  var createSQL: String {
    let list = columns.map { "  \($0.expression) as \"\($0.name)\"" }.joined(separator: ",\n")
    return "create view \"\(name)\" as\nselect\n\(list)\nfrom \(source)"
  }
}
