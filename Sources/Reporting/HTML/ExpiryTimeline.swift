import AuditModel
import MeshModel

/// When certificates end within the year after the audit, as bars from the audit to the end.
///
/// SVG with attributes only, no styles: it draws where a server strips style sheets, and the table
/// beside it says the same in words.
struct ExpiryTimeline {
  /// A bar: a name and the end of what it names.
  struct Line {
    var name: String
    var notAfter: UTCTime
    /// Of a CA, shorter than a rotation takes; of another, overdue.
    var isUrgent: Bool
  }

  private static let width = 720
  private static let step = 36
  private static let top = 26
  private static let days = 365
  /// Days in which a CA can still be replaced without haste; rule IC-003 warns from there on.
  static let rotationDays: Int64 = 60

  let asOf: UTCTime
  let lines: [Line]

  func write(to page: inout HTMLWriter) {
    let full = ExpiryTimeline.top + lines.count * ExpiryTimeline.step + 8
    page.element("figure", [.class("trend")]) { page in
      page.element(
        "svg",
        [
          .svg("xmlns", "http://www.w3.org/2000/svg"),
          .svg("viewBox", "0 0 \(ExpiryTimeline.width) \(full)"),
          .svg("width", String(ExpiryTimeline.width)), .svg("height", String(full)),
          .role("img"),
          .label("Ends of \(Count.of(lines.count, "certificate")); the tables have the dates"),
        ]
      ) { page in
        writeAxis(full, to: &page)
        for (index, line) in lines.enumerated() {
          write(line, at: ExpiryTimeline.top + index * ExpiryTimeline.step, to: &page)
        }
      }
      page.element("figcaption") { page in
        page.text("Time left in the year after ")
        page.day(asOf)
        page.text("; a bar to the right edge ends later.")
        if lines.contains(where: \.isUrgent) {
          page.text(
            " Orange: a CA with less than \(ExpiryTimeline.rotationDays) days left, another"
              + " certificate in the last third of its life.")
        }
      }
    }
    page.newLine()
  }

  /// Every third month by a thin line and its day.
  private func writeAxis(_ height: Int, to page: inout HTMLWriter) {
    for quarter in 0..<4 {
      let day = quarter * ExpiryTimeline.days / 4
      let x = ExpiryTimeline.place(day)
      page.void(
        "line",
        [
          .svg("x1", String(x)), .svg("x2", String(x)), .svg("y1", "16"),
          .svg("y2", String(height)), .svg("stroke", "#8993a0"), .svg("stroke-opacity", "0.4"),
        ])
      writeText(asOf.adding(days: day).dayText, x: x + 4, y: 12, to: &page)
    }
  }

  private static func place(_ day: Int) -> Int { day * width / days }

  private func write(_ line: Line, at y: Int, to page: inout HTMLWriter) {
    let left = line.notAfter.secondsSince(asOf) / 86_400
    let day = Int(max(0, min(left, Int64(ExpiryTimeline.days))))
    writeText(
      "\(line.name.prefix(72)) · \(left < 0 ? "ended" : "until") \(line.notAfter.dayText)", x: 4,
      y: y + 12, to: &page)
    page.void(
      "rect",
      [
        .svg("x", "0"), .svg("y", String(y + 18)),
        .svg("width", String(max(2, ExpiryTimeline.place(day)))), .svg("height", "9"),
        .svg("fill", line.isUrgent ? "#c2542d" : "#5b84b1"),
        .class(line.isUrgent ? "fill-high" : "fill-low"),
      ])
  }

  private func writeText(_ text: String, x: Int, y: Int, to page: inout HTMLWriter) {
    page.element(
      "text",
      [
        .svg("x", String(x)), .svg("y", String(y)), .svg("font-size", "11"),
        .svg("font-family", "sans-serif"), .svg("fill", "currentColor"),
      ], text: text)
  }
}
