import AccessAnalysis
import AuditModel
import MeshModel

/// Manifests read for a question, without a run: the inventory, the prepared model, and what was wrong.
struct ManifestInputs {
  var read: ReadInputs
  var access: AccessModel

  /// Problems that can change the answer.
  var errors: [Diagnostic] { read.diagnostics.filter { $0.severity == .error } }

  init(paths: [String], options: AccessOptions = AccessOptions()) async throws(PipelineError) {
    guard !paths.isEmpty else { throw PipelineError(.usage, "no paths were given") }
    let standardInput = paths.contains("-") ? try StandardInput() : nil
    read = await InputReading(concurrency: Machine.concurrency, progress: SilentProgress())
      .read(paths, standardInput: standardInput?.path)
    access = AccessModel(inventory: read.inventory, options: options)
    withExtendedLifetime(standardInput) {}
  }
}
