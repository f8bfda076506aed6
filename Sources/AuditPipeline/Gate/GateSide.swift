import AccessAnalysis
import AuditModel
import AuditStore
import MeshModel
import RegisterReader
import RuleEngine

/// One side of a gate: its inputs, the model that decides, and what the rules find.
struct GateSide: Sendable {
  var read: ReadInputs
  var access: AccessModel
  var graph: AccessGraph
  var findings: [Finding] = []
  /// What the other side is compared with it; nil at the base.
  var change: ConfigurationChange?
  /// Names of namespaces and kinds of input: what was looked at.
  var scope: Set<String> = []

  init(_ read: ReadInputs, options: GateOptions) {
    self.read = read
    access = AccessModel(
      inventory: read.inventory,
      options: AccessOptions(
        istioVersion: options.istioVersion, linkerdVersion: options.linkerdVersion))
    graph = access.accessGraph()
    scope = Set(access.workloads.map { "namespace \($0.workload.id.namespace)" })
      .union(read.inventory.kubernetes.namespaces.map { "namespace \($0.name)" })
  }

  /// Checks the rules in a store of its own that goes when they are checked.
  ///
  /// - Parameter requests: the database with what was observed.
  mutating func check(
    _ catalog: RuleCatalog, knownRules: Set<String>, requests: String, asOf: UTCTime,
    rulesDigest: String
  ) throws(PipelineError) {
    let workspace = try Workspace(copyOf: requests)
    let traffic: [(id: Int64, key: ObservedRequestKey)]
    do throws(StoreError) {
      traffic = try workspace.store.trafficKeys()
    } catch {
      throw PipelineError(error)
    }
    var facts = try FactsGathering(read: read, access: access)
      .facts(graph: graph, traffic: traffic, asOf: asOf)
    facts.change = change
    scope.formUnion(facts.availableNeeds.map { "input \($0.rawValue)" })
    let run = RunStart(
      key: "gate", asOf: asOf, startedAt: asOf, toolVersion: Version.current,
      rulesDigest: rulesDigest, cluster: "")
    do {
      _ = try workspace.store.begin(run, facts: facts)
      let runner = try RuleRunner(
        databasePath: workspace.store.path, views: View.columnsByName)
      findings = try RuleEvaluation.evaluate(
        catalog, availableNeeds: facts.availableNeeds, runner: runner,
        settings: .init(asOf: asOf), hash: Digest.sha256)
    } catch {
      throw PipelineError(error)
    }
    findings = WaiverApplication.apply(
      read.waivers, to: findings, knownRules: knownRules, asOf: asOf, hash: Digest.sha256)
  }
}

/// Requests of one shape that were observed.
typealias ObservedTraffic = (key: ObservedRequestKey, sum: ObservedRequestSum)
