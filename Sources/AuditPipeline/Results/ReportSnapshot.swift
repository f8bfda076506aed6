package import AuditModel
import AuditStore
import Foundation

/// A report as bytes in the store, so that an earlier run can be rendered again.
///
/// The first part is the report without its findings, each further part a list of `batchCount` findings:
/// a hundred thousand of them are never encoded at once. A single part may be a whole report, as versions
/// before this one kept it.
package struct ReportSnapshot: StoredReport {
  private static let batchCount = 1_000

  private let report: AuditReport

  package init(_ report: AuditReport) { self.report = report }

  package var partCount: Int {
    1 + (report.findings.count + Self.batchCount - 1) / Self.batchCount
  }

  package func part(_ index: Int) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard index > 0 else {
      var frame = report
      frame.findings = []
      return Array(try encoder.encode(frame))
    }
    let findings = report.findings.dropFirst((index - 1) * Self.batchCount).prefix(Self.batchCount)
    return Array(try encoder.encode(Array(findings)))
  }

  package static func report(from parts: [[UInt8]]) throws -> AuditReport {
    let decoder = JSONDecoder()
    var report = try decoder.decode(AuditReport.self, from: Data(parts.first ?? []))
    for part in parts.dropFirst() {
      report.findings += try decoder.decode([Finding].self, from: Data(part))
    }
    return report
  }
}
