package import Reporting

/// Writes the outputs of a gate, each whole or not at all.
package enum GateOutput {
  /// Returns the paths of the files.
  package static func write(_ report: GateReport, to folder: String) throws(PipelineError)
    -> [String]
  {
    var rendered: [(name: String, bytes: [UInt8])] = []
    for format in GateFormat.allCases {
      do throws(ReportingError) {
        rendered.append((format.fileName, try format.render(report)))
      } catch {
        throw PipelineError(error)
      }
    }
    try AtomicFile.makeFolder(folder)
    var paths: [String] = []
    for file in rendered {
      let path = folder.hasSuffix("/") ? folder + file.name : "\(folder)/\(file.name)"
      try AtomicFile.write(file.bytes, to: path)
      paths.append(path)
    }
    return paths
  }
}
