import AccessAnalysis
import AuditModel
package import MeshModel
package import Reporting

/// `meshaudit access`.
package struct AccessListing {
  package struct Result: Sendable {
    package var table: TextTable
    /// A Graphviz graph of what is allowed.
    package var dot: String
    package var diagnostics: [Diagnostic]
  }

  private let paths: [String]
  private let from: String?
  private let to: String?
  private let showsDenied: Bool

  package init(paths: [String], from: String?, to: String?, showsDenied: Bool) {
    self.paths = paths
    self.from = from
    self.to = to
    self.showsDenied = showsDenied
  }

  package func run() async throws(PipelineError) -> Result {
    let inputs = try await ManifestInputs(paths: paths)
    let graph = inputs.access.accessGraph()
    var lines: [Line] = []
    for edge in graph.edges where showsDenied || edge.reach.outcome != .deny {
      for source in graph.sourceClasses[edge.sourceClass] {
        guard from.map({ source.name.hasPrefix($0) }) ?? true else { continue }
        for destination in graph.destinationClasses[edge.destinationClass] {
          let name = destination.workload.description
          guard to.map({ name.hasPrefix($0) }) ?? true else { continue }
          lines.append(
            Line(source: source.name, destination: name, port: destination.port, reach: edge.reach))
        }
      }
    }
    lines.sort {
      ($0.destination, $0.port, $0.source) < ($1.destination, $1.port, $1.source)
    }
    return Result(
      table: TextTable(
        columns: ["source", "destination", "port", "access", "operations", "decided by"],
        rows: lines.map(\.row)),
      dot: dot(lines), diagnostics: inputs.errors)
  }

  private struct Line {
    var source: String
    var destination: String
    var port: Int
    var reach: Reach

    var row: [JSONValue] {
      [
        .string(source), .string(destination), .int(Int64(port)), .string(reach.outcome.rawValue),
        .string(reach.operations.map(OperationText.text).joined(separator: " or ")),
        .string(
          reach.decidedBy.isEmpty ? reach.reason ?? "" : reach.decidedBy.joined(separator: " ")),
      ]
    }
  }

  private func dot(_ lines: [Line]) -> String {
    var text = "digraph access {\n  rankdir=LR;\n  node [shape=box];\n"
    for line in lines where line.reach.outcome != .deny {
      let style = line.reach.outcome == .allow ? "solid" : "dashed"
      text +=
        "  \(quoted(line.source)) -> \(quoted(line.destination)) [label=\"\(line.port)\", style=\(style)];\n"
    }
    return text + "}\n"
  }

  private func quoted(_ name: String) -> String {
    var text = ""
    JSONValue.writeString(name, to: &text)
    return text
  }
}

/// An operation set in words.
enum OperationText {
  static func text(_ set: Reach.OperationSet) -> String {
    var parts: [String] = []
    if !set.methods.isEmpty { parts.append(set.methods.joined(separator: ",")) }
    if !set.paths.isEmpty { parts.append(set.paths.joined(separator: ",")) }
    if !set.hosts.isEmpty { parts.append("host \(set.hosts.joined(separator: ","))") }
    if !set.conditions.isEmpty { parts.append("when \(set.conditions.joined(separator: " and "))") }
    let text = parts.isEmpty ? "anything" : parts.joined(separator: " ")
    return set.isExcluded ? "not \(text)" : text
  }
}
