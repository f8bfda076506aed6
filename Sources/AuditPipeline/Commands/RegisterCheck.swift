import AccessAnalysis
import AuditModel
package import MeshModel
import RegisterReader
package import Reporting

/// `meshaudit register check`.
package struct RegisterCheck {
  package struct Result: Sendable {
    package var diagnostics: [Diagnostic]
    /// Systems with their workloads.
    package var table: TextTable
    package var isValid: Bool
  }

  private let paths: [String]

  package init(paths: [String]) { self.paths = paths }

  package func run() async throws(PipelineError) -> Result {
    let inputs = try await ManifestInputs(paths: paths)
    if inputs.read.register == nil, !inputs.errors.isEmpty {
      return Result(
        diagnostics: inputs.errors, table: TextTable(columns: [], rows: []), isValid: false)
    }
    guard let register = inputs.read.register else {
      throw PipelineError(
        .usage, "none of the paths holds a register", hint: "a register starts with \"register: 1\""
      )
    }
    let join = RegisterJoin(
      register,
      workloads: inputs.access.workloads.map {
        .init(id: $0.workload.id, labels: $0.workload.podLabels, identity: $0.principal)
      })
    let diagnostics =
      inputs.errors + (inputs.access.workloads.isEmpty ? [] : join.diagnostics)
    let rows = register.systems.map { system -> [JSONValue] in
      [
        .string(system.id), .string(system.riskClass.rawValue),
        .string(system.roles.map(\.rawValue).joined(separator: " ")), .string(system.tradeName),
        .string(join.links(of: system.id).map(\.workload.description).joined(separator: " ")),
      ]
    }
    return Result(
      diagnostics: diagnostics,
      table: TextTable(
        columns: ["id", "risk", "roles", "trade name", "workloads"], rows: rows),
      isValid: inputs.errors.isEmpty)
  }
}
