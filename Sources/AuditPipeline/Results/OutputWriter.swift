import AuditModel
import Foundation
import MeshModel
import ReportTemplates
package import Reporting

/// Renders the reports of a run, and writes them, each whole or not at all.
///
/// Everything is rendered before the run is closed in the store, and written after: a report that cannot be
/// rendered leaves no run, and one that cannot be written can be had again with `meshaudit report`.
struct OutputWriter {
  let options: AuditOptions

  /// Names and contents of the files, the evidence last.
  func render(_ report: AuditReport, verdict: Verdict) throws(PipelineError)
    -> [(name: String, bytes: [UInt8])]
  {
    guard let folder = options.output else { return [] }
    var rendered: [(name: String, bytes: [UInt8])] = []
    for format in options.formats {
      do throws(ReportingError) {
        rendered.append(
          (format.fileName, try format.render(report, options: reportOptions)))
      } catch {
        throw PipelineError(error)
      }
    }
    rendered.append(
      (
        EvidenceStage.fileName,
        try EvidenceStage(folder: folder, signingKeyPath: options.signingKey)
          .envelope(report: report, verdict: verdict, files: rendered)
      ))
    return rendered
  }

  /// Writes rendered files; returns their paths.
  func write(_ rendered: [(name: String, bytes: [UInt8])]) throws(PipelineError) -> [String] {
    guard let folder = options.output else { return [] }
    try AtomicFile.makeFolder(folder)
    var paths: [String] = []
    for file in rendered {
      let path = folder.hasSuffix("/") ? folder + file.name : "\(folder)/\(file.name)"
      try AtomicFile.write(file.bytes, to: path)
      paths.append(path)
    }
    return paths
  }

  private var reportOptions: ReportOptions {
    ReportOptions.standard(
      junitDialect: options.junitDialect, minimumCoverage: options.minimumCoverage)
  }
}

extension ReportOptions {
  /// With the style sheet of the binary.
  package static func standard(
    junitDialect: JUnitDialect = .common, minimumCoverage: Double = 1
  ) -> ReportOptions {
    let styleSheet = ReportTemplates.files.first { $0.path == styleSheetFileName }
    return ReportOptions(
      styleSheet: styleSheet?.text ?? "", junitDialect: junitDialect,
      minimumCoverage: minimumCoverage)
  }
}
