package import MeshModel

/// Rows with named columns, printed for people, for spreadsheets and for programs.
package struct TextTable: Sendable {
  package var columns: [String]
  package var rows: [[JSONValue]]

  package init(columns: [String], rows: [[JSONValue]] = []) {
    self.columns = columns
    self.rows = rows
  }

  /// Aligned columns for a terminal; with a width, the widest columns are cut until a line fits.
  ///
  /// Text is shown with controls and direction marks escaped.
  package func text(width: Int?) -> String {
    let cells = [columns.map { $0.uppercased() }] + rows.map { $0.map(TextTable.shown) }
    var widths = columns.indices.map { column in
      cells.map { $0[column].unicodeScalars.count }.max() ?? 0
    }
    if let width {
      let separators = 2 * max(columns.count - 1, 0)
      while widths.reduce(separators, +) > width,
        let widest = widths.indices.max(by: { widths[$0] < widths[$1] }), widths[widest] > 12
      {
        widths[widest] -= 1
      }
    }
    var text = ""
    for row in cells {
      var line = ""
      for (column, cell) in row.enumerated() {
        let cut = TextTable.cut(cell, to: widths[column])
        line += cut
        if column < row.count - 1 {
          let count = widths[column] - cut.unicodeScalars.count + 2
          line += String(repeating: " ", count: count)
        }
      }
      text += line.drop(trailing: " ") + "\n"
    }
    return text
  }

  /// A JSON array of objects, one object a line.
  package var json: String {
    guard !rows.isEmpty else { return "[]\n" }
    let objects = rows.map { row in
      var text = "{"
      for (index, name) in columns.enumerated() {
        if index > 0 { text += "," }
        JSONValue.writeString(name, to: &text)
        text += ":"
        row[index].write(to: &text)
      }
      return text + "}"
    }
    return "[\n" + objects.joined(separator: ",\n") + "\n]\n"
  }

  /// RFC 4180 with a header; cells that a spreadsheet could take for a formula are guarded.
  package var csv: String {
    ([columns] + rows.map { $0.map(TextTable.plain) })
      .map { $0.map(CSVReport.cell).joined(separator: ",") + "\r\n" }.joined()
  }

  private static func shown(_ value: JSONValue) -> String { VisibleText.escaped(plain(value)) }

  private static func plain(_ value: JSONValue) -> String {
    switch value {
    case .null: ""
    case .string(let text): text
    default: value.canonicalText
    }
  }

  private static func cut(_ text: String, to width: Int) -> String {
    guard text.unicodeScalars.count > width else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(width - 1))) + "…"
  }
}

extension String {
  fileprivate func drop(trailing character: Character) -> Substring {
    var text = self[...]
    while text.last == character { text.removeLast() }
    return text
  }
}
