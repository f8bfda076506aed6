import AuditModel
import Foundation
import MeshModel
import ReportTemplates
package import Reporting

/// Writes the reports of a run, each whole or not at all.
struct OutputWriter {
  let options: AuditOptions

  func write(_ report: AuditReport, verdict: Verdict) throws(PipelineError) -> [String] {
    guard let folder = options.output else { return [] }
    // Everything is rendered before anything is written.
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
