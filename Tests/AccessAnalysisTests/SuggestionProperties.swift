import AuditModel
import DocumentReader
import ManifestReader
import MeshModel
import Testing

@testable import AccessAnalysis

/// What holds of every suggestion, whatever the mesh.
enum SuggestionProperties {
  /// The suggestions as their own text is read.
  static func read(_ policies: [SuggestedPolicy]) throws -> MeshInventory {
    let sink = DiagnosticSink()
    var reader = ManifestReader(sink: sink)
    for policy in policies {
      for node in YAMLDocuments.read(SuggestionYAML.text(policy), path: policy.name, into: sink) {
        _ = reader.read(node)
      }
    }
    #expect(sink.diagnostics.filter { $0.severity != .note } == [])
    return reader.finish()
  }

  /// Suggested and replayed, nothing that was observed and allowed is refused, and nothing opens.
  static func check(
    _ suggestions: SuggestedPolicies, traffic: [ObservedTraffic], model: AccessModel, seed: Int
  ) throws -> AccessModel {
    let read = try read(suggestions.policies)
    #expect(
      Set(read.resources.map(\.metadata.reference)) == Set(suggestions.policies.flatMap(\.written)),
      "seed \(seed)")
    let head = AccessModel(
      inventory: SuggestedPolicies.applied(suggestions.policies, read: read, to: model.inventory))
    let replay = Replay(traffic, from: model, to: head)
    #expect(replay.requestCounts[.breaks] == nil, "seed \(seed): \(replay.lines)")
    #expect(replay.requestCounts[.opens] == nil, "seed \(seed): \(replay.lines)")
    let diff = AccessDiff(from: model, to: head)
    #expect(
      diff.changes.allSatisfy { $0.opened.isEmpty },
      "seed \(seed): \(diff.changes.filter { !$0.opened.isEmpty })")
    return head
  }

  typealias ObservedTraffic = (key: ObservedRequestKey, sum: ObservedRequestSum)
}
