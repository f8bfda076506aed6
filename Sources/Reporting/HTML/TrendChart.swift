import AuditModel
import MeshModel

/// Open findings by run as stacked bars.
///
/// SVG with attributes only, no styles: it draws where a server strips style sheets, and the table below
/// it says the same in numbers.
struct TrendChart {
  private static let height = 120
  private static let barWidth = 34
  private static let step = 56
  private static let top = 20

  private let lines: [AuditReport.HistoryLine]

  init(_ lines: [AuditReport.HistoryLine]) { self.lines = lines }

  private func total(_ line: AuditReport.HistoryLine) -> Int {
    line.failCounts.values.reduce(0, +)
  }

  func write(to page: inout HTMLWriter) {
    let width = lines.count * TrendChart.step
    let full = TrendChart.height + TrendChart.top + 22
    page.element("figure", [.class("trend")]) { page in
      page.element(
        "svg",
        [
          .svg("xmlns", "http://www.w3.org/2000/svg"), .svg("viewBox", "0 0 \(width) \(full)"),
          .svg("width", String(width)), .svg("height", String(full)), .role("img"),
          .label("Open findings of the last \(lines.count) runs; the table below has the numbers"),
        ]
      ) { page in
        let most = max(1, lines.map(total).max() ?? 1)
        for (index, line) in lines.enumerated() {
          writeBar(line, at: index * TrendChart.step + 10, most: most, to: &page)
        }
        let base = TrendChart.height + TrendChart.top
        page.void(
          "line",
          [
            .svg("x1", "0"), .svg("x2", String(width)), .svg("y1", "\(base)"),
            .svg("y2", "\(base)"), .svg("stroke", "#6b7480"),
          ])
      }
      page.element("figcaption") { page in
        page.text("Open findings by run, from the bottom: ")
        page.list(Severity.allCases.count) { $0.severity(Severity.allCases[$1]) }
      }
    }
    page.newLine()
  }

  private func writeBar(
    _ line: AuditReport.HistoryLine, at x: Int, most: Int, to page: inout HTMLWriter
  ) {
    let base = TrendChart.height + TrendChart.top
    var count = 0
    for severity in Severity.allCases {
      let part = line.failCounts[severity] ?? 0
      guard part > 0 else { continue }
      // Both ends rounded alike, so that the parts of a bar neither overlap nor gape.
      let low = base - count * TrendChart.height / most
      count += part
      let high = base - count * TrendChart.height / most
      page.void(
        "rect",
        [
          .svg("x", String(x)), .svg("y", String(high)),
          .svg("width", String(TrendChart.barWidth)), .svg("height", String(max(0, low - high))),
          .svg("fill", TrendChart.fill(severity)), .svg("stroke", "#ffffff"),
          .class("fill-\(severity.rawValue)"),
        ])
    }
    let middle = String(x + TrendChart.barWidth / 2)
    writeLabel(
      Count.grouped(count), x: middle, y: base - count * TrendChart.height / most - 5, to: &page)
    writeLabel(String(line.asOf.dayText.dropFirst(5)), x: middle, y: base + 15, to: &page)
  }

  private func writeLabel(_ text: String, x: String, y: Int, to page: inout HTMLWriter) {
    page.element(
      "text",
      [
        .svg("x", x), .svg("y", String(y)), .svg("text-anchor", "middle"),
        .svg("font-size", "11"), .svg("font-family", "sans-serif"),
        .svg("fill", "currentColor"),
      ], text: text)
  }

  private static func fill(_ severity: Severity) -> String {
    switch severity {
    case .critical: "#8f1d2c"
    case .high: "#c2542d"
    case .medium: "#b0851a"
    case .low: "#5b84b1"
    case .info: "#8993a0"
    }
  }
}
