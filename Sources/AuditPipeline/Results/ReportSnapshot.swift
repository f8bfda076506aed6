package import AuditModel
import Foundation

/// A report as bytes in the store, so that an earlier run can be rendered again.
///
/// JSON Lines: the report without its findings, then the findings in lists of `batchCount`, so that
/// encoding a hundred thousand of them holds few at a time. A single line is a whole report, as versions
/// before this one kept it.
package enum ReportSnapshot {
  private static let batchCount = 1_000
  private static let lineEnd = UInt8(ascii: "\n")

  package static func bytes(of report: AuditReport) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var frame = report
    frame.findings = []
    var bytes = Array(try encoder.encode(frame))
    var start = 0
    while start < report.findings.count {
      let end = min(start + batchCount, report.findings.count)
      bytes.append(lineEnd)
      bytes += try encoder.encode(report.findings[start..<end].map(\.self))
      start = end
    }
    return bytes
  }

  package static func report(from bytes: [UInt8]) throws -> AuditReport {
    let decoder = JSONDecoder()
    let lines = bytes.split(separator: lineEnd)
    var report = try decoder.decode(AuditReport.self, from: Data(lines.first ?? []))
    for line in lines.dropFirst() {
      report.findings += try decoder.decode([Finding].self, from: Data(line))
    }
    return report
  }
}
