import MeshModel

/// The rows that a finding stands on, members in the order in which the rule wrote them.
struct EvidenceTable {
  private static let rowLimit = 20

  private let evidence: JSONValue

  init(_ evidence: JSONValue) { self.evidence = evidence }

  func write(to page: inout HTMLWriter) {
    switch evidence {
    case .null: return
    case .array(let rows): write(rows, caption: "Evidence", to: &page)
    case .object(let members):
      let plain = members.filter { EvidenceTable.rows(of: $0.value) == nil }
      if !plain.isEmpty { writePairs(plain, to: &page) }
      for member in members {
        guard let rows = EvidenceTable.rows(of: member.value) else { continue }
        write(rows, caption: "Evidence: \(EvidenceTable.words(member.name))", to: &page)
      }
    default: writePairs([.init("value", evidence)], to: &page)
    }
  }

  /// A list of objects is a table of its own.
  private static func rows(of value: JSONValue) -> [JSONValue]? {
    guard case .array(let values) = value, !values.isEmpty,
      values.allSatisfy({ $0.members != nil })
    else { return nil }
    return values
  }

  private func writePairs(_ members: [JSONValue.Member], to page: inout HTMLWriter) {
    page.table("Evidence", [.text("Fact"), .text("Value")], class: "evidence pairs") { page in
      for member in members {
        page.row { page in
          page.rowHeader { $0.text(EvidenceTable.words(member.name)) }
          page.cell { $0.code(EvidenceLines.text(member.value)) }
        }
      }
    }
  }

  private func write(_ rows: [JSONValue], caption: String, to page: inout HTMLWriter) {
    let shown = rows.prefix(EvidenceTable.rowLimit)
    var names: [String] = []
    for row in shown {
      for member in row.members ?? [] where !names.contains(member.name) {
        names.append(member.name)
      }
    }
    let columns: [HTMLWriter.Column] =
      names.isEmpty ? [.text("Value")] : names.map { .text(EvidenceTable.words($0)) }
    let rest = rows.count - shown.count
    let title =
      rest > 0 ? "\(caption), \(shown.count) of \(Count.grouped(rows.count)) rows" : caption
    page.table(title, columns, class: "evidence") { page in
      for row in shown {
        page.row { page in
          if names.isEmpty {
            page.cell { $0.code(EvidenceLines.text(row)) }
          } else {
            for name in names {
              page.cell { page in
                if let value = row[name] { page.code(EvidenceLines.text(value)) }
              }
            }
          }
        }
      }
    }
  }

  /// `service_account` and `serviceAccount` as words.
  static func words(_ name: String) -> String {
    var words = ""
    var isUpper = false
    for scalar in name.unicodeScalars {
      switch scalar {
      case "_", "-": words += " "
      case "A"..."Z":
        if !isUpper, !words.isEmpty, words.unicodeScalars.last != " " { words += " " }
        words.unicodeScalars.append(scalar)
      default: words.unicodeScalars.append(scalar)
      }
      isUpper = ("A"..."Z").contains(scalar)
    }
    return words
  }
}
