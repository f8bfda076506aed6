import AuditModel
import EvidenceLog
import Foundation
import MeshModel
import ReportTemplates
package import Reporting

/// Renders the reports of a run, and writes them, each whole or not at all.
///
/// Every report is rendered and on the disk before the run is closed in the store, and takes its place
/// after: one that cannot be rendered or written leaves no run. Several are rendered at once, and long ones go
/// to the disk in pieces.
struct OutputWriter {
  let options: AuditOptions

  /// The files beside their places, the evidence last.
  func stage(_ report: AuditReport, verdict: Verdict) async throws(PipelineError) -> [StagedFile] {
    guard let folder = options.output else { return [] }
    try AtomicFile.makeFolder(folder)
    let renderer = ReportRenderer(report, options: reportOptions)
    async let findings = RunStatement.FindingsRoot(of: report.findings)
    var rendered: [ReportFormat: Result<Rendered, PipelineError>] = [:]
    await forEachConcurrently(options.formats, limit: Machine.concurrency) { format in
      let path = path(of: format.fileName, in: folder)
      return (format, Result { () throws(PipelineError) in try render(format, renderer, to: path) })
    } receive: { format, result in
      rendered[format] = result
    }
    var staged: [StagedFile] = []
    var subjects: [EvidenceStage.Subject] = []
    for format in options.formats {
      guard let report = try rendered[format]?.get() else { continue }
      staged.append(report.file)
      subjects.append(.init(name: format.fileName, sha256: report.sha256))
    }
    let envelope = try EvidenceStage(folder: folder, signingKeyPath: options.signingKey)
      .envelope(report: report, findings: await findings, verdict: verdict, files: subjects)
    staged.append(try AtomicFile.stage(envelope, for: path(of: EvidenceStage.fileName, in: folder)))
    return staged
  }

  /// A report on the disk, and the SHA-256 of its bytes.
  private struct Rendered: Sendable {
    var file: StagedFile
    var sha256: String
  }

  private func render(
    _ format: ReportFormat, _ renderer: ReportRenderer, to path: String
  ) throws(PipelineError) -> Rendered {
    let file = try StagedFile(for: path)
    do throws(ReportingError) {
      try renderer.render(format, to: ReportOutput(file.append))
    } catch {
      throw PipelineError(error)
    }
    return Rendered(file: file, sha256: try file.finish())
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
