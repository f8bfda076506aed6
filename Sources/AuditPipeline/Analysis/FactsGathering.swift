import AccessAnalysis
import AuditModel
import MeshModel
import RegisterReader

/// Puts together everything that rules look at, out of what was read and decided: the same for an audit
/// and for both sides of a gate.
struct FactsGathering {
  let read: ReadInputs
  let access: AccessModel

  /// - Parameters:
  ///   - graph: the access graph of `access`, where it was made already.
  ///   - traffic: all requests that were observed, of this run and of those before it, each with its row in
  ///     the store.
  func facts(
    graph: AccessGraph? = nil, traffic: [(id: Int64, key: ObservedRequestKey)], asOf: UTCTime
  ) throws(PipelineError) -> RunFacts {
    let join = read.register.map { register in
      RegisterJoin(
        register,
        workloads: access.workloads.map {
          .init(id: $0.workload.id, labels: $0.workload.podLabels, identity: $0.principal)
        })
    }
    let members = (join?.links ?? []).map {
      AISystemMember(systemID: $0.systemID, workload: $0.workload, kind: $0.kind)
    }
    let certificates = try certificates(asOf: asOf)
    var facts = RunFacts(
      inventory: read.inventory, workloads: access.workloads, ports: access.portFacts(),
      policies: access.policyFacts(), graph: graph ?? access.accessGraph(),
      settings: access.settings(), telemetry: access.telemetryFacts(),
      certificates: certificates.stock, privateKeys: read.identities.privateKeys,
      register: read.register, members: members,
      observedDecisions: decisions(on: traffic), inputs: read.inputs,
      diagnostics: read.diagnostics + access.assumptions + (join?.diagnostics ?? [])
        + [certificates.diagnostic].compactMap(\.self),
      hasTraffic: traffic.contains { $0.key.evidence != .trace },
      registrationEntries: read.identities.registrationEntries)
    facts.bundleKeys = read.identities.bundleKeys
    facts.tokens = read.identities.tokens
    facts.revocationLists = certificates.revocationLists
    facts.hasCounters = traffic.contains { $0.key.evidence == .counter }
    facts.istio = access.istioFacts()
    facts.operationUsage = access.operationUsage(of: facts.observedDecisions)
    facts.redundantRules = access.redundantRules()
    facts.lints = access.lints()
    facts.registrations = access.registrations(entries: read.identities.registrationEntries)
    facts.externalDecisions = access.beside(
      ExternalDecision.merged(
        read.externalDecisions, directory: access.trafficDirectory()))
    facts.logSinks = access.logSinks()
    facts.roleGrants = access.roleGrants()
    facts.stopPaths = read.register.map { access.stopPaths(of: $0, in: facts.graph) } ?? []
    facts.evidence = read.evidence
    return facts
  }

  private func decisions(on traffic: [(id: Int64, key: ObservedRequestKey)]) -> [ObservedDecision] {
    traffic.compactMap { row in
      var decision = access.observedDecision(on: row.key)
      decision?.requestID = row.id
      return decision
    }
  }

  private func certificates(asOf: UTCTime) throws(PipelineError) -> CertificateJudgement {
    do throws(Spool.Failure) {
      return try CertificateJudgement(
        read.certificates, lists: read.identities.revocationLists, asOf: asOf)
    } catch {
      throw PipelineError(.failed, error.reason, hint: "run it again")
    }
  }
}
