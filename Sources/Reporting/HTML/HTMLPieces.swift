import AuditModel
import MeshModel

/// What the sections are built of.
extension HTMLWriter {
  mutating func paragraph(_ text: String, class name: String? = nil) {
    element("p", name.map { [.class($0)] } ?? []) { $0.breakable(text) }
    newLine()
  }

  mutating func code(_ text: String) { element("code") { $0.breakable(text) } }

  /// A moment in UTC, readable by people and machines.
  mutating func time(_ time: UTCTime) {
    let date = time.text
    element(
      "time", [.datetime(date)],
      text: "\(time.dayText) \(date.dropFirst(11).prefix(5)) UTC")
  }

  mutating func day(_ time: UTCTime) {
    element("time", [.datetime(time.dayText)], text: time.dayText)
  }

  /// A severity by word and shape; colour only repeats it.
  mutating func severity(_ severity: Severity) {
    let shape =
      switch severity {
      case .critical: "◆"
      case .high: "▲"
      case .medium: "■"
      case .low: "●"
      case .info: "○"
      }
    mark(severity.rawValue, shape: shape, class: "sev-\(severity.rawValue)")
  }

  /// A word with its shape, which screen readers leave out.
  mutating func mark(_ word: String, shape: String, class name: String) {
    element("span", [.class("mark \(name)")]) { page in
      page.element("span", [.hidden], text: shape)
      page.text(" \(word)")
    }
  }

  /// Names and values side by side.
  mutating func facts(_ facts: [(name: String, write: (inout HTMLWriter) -> Void)]) {
    guard !facts.isEmpty else { return }
    element("dl", [.class("facts")]) { page in
      for fact in facts {
        page.element("div") { page in
          page.element("dt", text: fact.name)
          page.element("dd") { fact.write(&$0) }
        }
      }
    }
    newLine()
  }

  /// A column of a table.
  struct Column {
    var title: String
    var isNumber = false

    static func text(_ title: String) -> Column { Column(title: title) }
    static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }
  }

  /// A table that scrolls inside its own frame where the page is narrow.
  mutating func table(
    _ caption: String, _ columns: [Column], class name: String = "",
    _ rows: (inout HTMLWriter) -> Void
  ) {
    element("div", [.class("scroll \(name)"), .role("region"), .label(caption), .tabindex(0)]) {
      page in
      page.element("table") { page in
        page.element("caption", text: caption)
        page.element("thead") { page in
          page.element("tr") { page in
            for column in columns {
              let alignment: [HTMLAttribute] = column.isNumber ? [.class("number")] : []
              page.element("th", [.scope("col")] + alignment, text: column.title)
            }
          }
        }
        page.element("tbody") { rows(&$0) }
      }
    }
    newLine()
  }

  mutating func row(_ cells: (inout HTMLWriter) -> Void) {
    element("tr") { cells(&$0) }
    newLine()
  }

  /// The cell that names its row.
  mutating func rowHeader(_ write: (inout HTMLWriter) -> Void) {
    element("th", [.scope("row")], write)
  }

  mutating func cell(_ write: (inout HTMLWriter) -> Void) { element("td") { write(&$0) } }
  mutating func cell(_ text: String) { element("td") { $0.breakable(text) } }
  mutating func cell(_ number: Int) {
    element("td", [.class(number == 0 ? "number zero" : "number")], text: Count.grouped(number))
  }

  /// A link to a page elsewhere where that is safe, its text otherwise.
  mutating func reference(_ title: String, url: String?) {
    if let url, let link = HTMLAttribute.link(url: url) {
      // Printed, the address follows the title, unless the title is the address.
      let bare: [HTMLAttribute] = title == url ? [.class("bare")] : []
      element("a", [link, .rel("noreferrer noopener")] + bare, text: title)
    } else {
      text(title)
    }
  }

  /// A list of names, separated by commas.
  mutating func list(_ count: Int, _ write: (inout HTMLWriter, Int) -> Void) {
    for index in 0..<count {
      if index > 0 { text(", ") }
      write(&self, index)
    }
  }
}
