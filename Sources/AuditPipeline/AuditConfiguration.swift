import AuditModel
import DocumentReader
import Foundation
import MeshModel
import RegisterReader
import Reporting

/// `meshaudit.yaml` as options.
package struct AuditConfiguration: Sendable {
  package var options: AuditOptions
  package var exitZero: Bool
  package var isQuiet: Bool
  /// `auto`, `always` or `never`, when the file says it.
  package var progress: String?

  /// The file that is read when none is named.
  static let defaultPath = "meshaudit.yaml"

  /// Reads the named file, or `meshaudit.yaml` in the current folder when it is there.
  ///
  /// A configuration with a problem is not run with: a misspelt option would weaken the gate unseen.
  package static func load(path: String?) throws(PipelineError) -> AuditConfiguration? {
    guard let path = path ?? (FileKind.of(defaultPath) == .file ? defaultPath : nil) else {
      return nil
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PipelineError(.usage, "the configuration \"\(path)\" cannot be read")
    }
    let sink = DiagnosticSink()
    let documents = YAMLDocuments.read(
      String(decoding: data, as: UTF8.self), path: path, into: sink)
    guard sink.diagnostics.isEmpty, documents.count == 1,
      RunConfigurationReader.recognises(documents[0])
    else {
      throw PipelineError(
        .usage,
        sink.diagnostics.first?.description
          ?? "\"\(path)\" is not one document that starts with \"meshaudit: 1\"")
    }
    let configuration = RunConfigurationReader.read(documents[0], into: sink)
    if let first = sink.diagnostics.first {
      throw PipelineError(.usage, "the configuration has a problem: \(first.description)")
    }
    let folder = (path as NSString).deletingLastPathComponent
    return AuditConfiguration(
      options: try options(configuration, folder: folder),
      exitZero: configuration.exitZero ?? false, isQuiet: configuration.quiet ?? false,
      progress: configuration.progress?.rawValue)
  }

  private static func options(_ file: RunConfiguration, folder: String) throws(PipelineError)
    -> AuditOptions
  {
    func resolved(_ path: String) -> String {
      folder.isEmpty || path.hasPrefix("/") || path == "-" ? path : "\(folder)/\(path)"
    }
    var options = AuditOptions()
    options.paths = file.paths.map { resolved($0.value) }
    options.paths += file.waivers.map { resolved($0.value) }
    if let register = file.register { options.paths.append(resolved(register.value)) }
    options.asOf = file.asOf
    if let gate = file.failOn {
      switch gate {
      case .none: options.failOn = nil
      case .severity(let severity): options.failOn = severity
      }
    }
    options.packs = file.packs.map(\.value)
    options.skipRules = file.skipRules.map(\.value)
    for (id, settings) in file.rules {
      if let severity = settings.severity { options.severityOverrides[id] = severity }
      for parameter in settings.parameters {
        options.ruleParameters[id, default: [:]][parameter.name] = parameter.value
      }
    }
    options.rulesDirectory = file.rulesDirectory.map { resolved($0.value) }
    if let output = file.output { options.output = resolved(output.value) }
    options.database = file.database.map { resolved($0.value) }
    if !file.formats.isEmpty { options.formats = try formats(file.formats) }
    options.cluster = file.cluster ?? ""
    options.istioVersion = file.istioVersion?.value
    options.linkerdVersion = file.linkerdVersion?.value
    if let coverage = file.minimumCoverage { options.minimumCoverage = coverage }
    if file.junitDialect == .strict { options.junitDialect = .strict }
    options.baseline = file.baseline.map { resolved($0.value) }
    options.signingKey = file.signingKey.map { resolved($0.value) }
    if let format = file.logFormat { options.logFormats = [format.value] }
    options.certificateColumns = file.certificateColumns
    options.addresses.treatment = file.addresses.flatMap { AddressTreatment(rawValue: $0.rawValue) }
    options.addresses.keyPath = file.addressKey.map { resolved($0.value) }
    if let runs = file.keep.runs { options.keptReports = runs }
    options.keptTrafficDays = file.keep.trafficDays
    return options
  }

  private static func formats(_ names: [Located<String>]) throws(PipelineError) -> [ReportFormat] {
    var formats: [ReportFormat] = []
    for name in names {
      guard let format = ReportFormat(rawValue: name.value) else {
        let known = ReportFormat.allCases.map(\.rawValue).joined(separator: ", ")
        throw PipelineError(
          .usage, "\(name.location): there is no format \"\(name.value)\"",
          hint: "formats: \(known)")
      }
      formats.append(format)
    }
    return formats
  }
}
