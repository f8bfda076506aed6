import AuditModel
import DocumentReader
import Foundation
import MeshModel
import RuleEngine

/// A `findings.json` of an earlier run as the baseline of this one.
enum BaselineFile {
  static func read(_ path: String) throws(PipelineError) -> Baseline {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PipelineError(.usage, "the baseline \"\(path)\" cannot be read")
    }
    let sink = DiagnosticSink()
    let documents = JSONDocuments.read(
      String(decoding: data, as: UTF8.self), path: path, into: sink)
    guard sink.diagnostics.isEmpty, let report = documents.first,
      report["format"]?.string?.hasPrefix("meshaudit-findings/1") == true,
      let results = report["findings"]?.items
    else {
      throw PipelineError(
        .usage, "\"\(path)\" is no findings.json of meshaudit",
        hint: "give the findings.json of an earlier run")
    }
    var entries: [Baseline.Entry] = []
    var rules: Set<String> = []
    var open: Set<String> = []
    for result in results {
      guard let rule = result["rule"]?.string, let status = result["status"]?.string,
        let fingerprint = result["fingerprint"]?.string, let subject = result["subject"]?.string
      else { continue }
      rules.insert(rule)
      switch FindingStatus(rawValue: status) {
      case .fail, .waived:
        entries.append(.init(fingerprint: fingerprint, ruleID: rule, subject: subject))
      case .notAssessed, .error: open.insert(rule)
      case .pass, .notApplicable, .none: continue
      }
    }
    let namespaces = report["scope"]?["namespaces"]?.items?.compactMap { $0["name"]?.string } ?? []
    return Baseline(
      entries: entries, assessedRules: rules.subtracting(open), scope: Set(namespaces),
      asOf: report["run"]?["asOf"]?.string.flatMap { UTCTime($0) })
  }
}
