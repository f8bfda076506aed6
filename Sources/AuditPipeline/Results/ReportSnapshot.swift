package import AuditModel
import Foundation

/// A report as bytes in the store, so that an earlier run can be rendered again.
package enum ReportSnapshot {
  package static func bytes(of report: AuditReport) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(report))
  }

  package static func report(from bytes: [UInt8]) throws -> AuditReport {
    try JSONDecoder().decode(AuditReport.self, from: Data(bytes))
  }
}
