import AuditModel
import Foundation
import MeshModel
import ReportTemplates
package import Reporting

/// Renders the reports of a run, and writes them, each whole or not at all.
///
/// Every report is rendered and on the disk before the run is closed in the store, and takes its place
/// after: one that cannot be rendered or written leaves no run. Long ones go to the disk in pieces.
struct OutputWriter {
  let options: AuditOptions

  /// The files beside their places, the evidence last.
  func stage(_ report: AuditReport, verdict: Verdict) throws(PipelineError) -> [StagedFile] {
    guard let folder = options.output else { return [] }
    try AtomicFile.makeFolder(folder)
    var staged: [StagedFile] = []
    var subjects: [EvidenceStage.Subject] = []
    let renderer = ReportRenderer(report, options: reportOptions)
    for format in options.formats {
      let file = try StagedFile(for: path(of: format.fileName, in: folder))
      do throws(ReportingError) {
        try renderer.render(format, to: ReportOutput(file.append))
      } catch {
        throw PipelineError(error)
      }
      subjects.append(.init(name: format.fileName, sha256: try file.finish()))
      staged.append(file)
    }
    let envelope = try EvidenceStage(folder: folder, signingKeyPath: options.signingKey)
      .envelope(report: report, verdict: verdict, files: subjects)
    staged.append(try AtomicFile.stage(envelope, for: path(of: EvidenceStage.fileName, in: folder)))
    return staged
  }

  /// Puts staged files in place; returns their paths.
  func place(_ staged: [StagedFile]) throws(PipelineError) -> [String] {
    for file in staged { try file.place() }
    return staged.map(\.path)
  }

  private func path(of name: String, in folder: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
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
