import AuditModel
import AuditStore
import MeshModel

/// What reports tell of the certificates of a run, so that the run need not hold them any longer.
struct CertificateSummary {
  /// Different ones.
  let count: Int
  let overview: CertificateOverview?

  /// - Parameter store: holds the certificates of `facts` already.
  init(_ facts: RunFacts, store: AuditStore) throws(PipelineError) {
    count = Set(facts.certificates.map(\.facts.id)).count
    guard count > 0 else {
      overview = nil
      return
    }
    let successions: [String: CertificateSuccession]
    do throws(StoreError) {
      successions = try store.certificateSuccessions()
    } catch {
      throw PipelineError(error)
    }
    overview = CertificateOverviewBuilder(facts: facts, successions: successions).overview()
  }
}

/// Sorts the certificates of a run by trust domain for the reports.
///
/// A CA belongs to the trust domains of what chains over it; without such a chain, to the one that its
/// bundle or its own SPIFFE ID names.
struct CertificateOverviewBuilder {
  let facts: RunFacts
  let successions: [String: CertificateSuccession]

  /// Nil without a certificate.
  func overview() -> CertificateOverview? {
    guard !facts.certificates.isEmpty else { return nil }
    var authorities: [String?: [CertificateOverview.Authority]] = [:]
    var identities: [String?: [CertificateOverview.Identity]] = [:]
    let chains = Dictionary(
      facts.chains.map { ($0.certificateID, $0) }, uniquingKeysWith: { first, _ in first })
    let domains = self.domains()
    var newest: [String: CertificateFacts] = [:]
    var names: [String: [String]] = [:]
    for record in firstRecords() {
      let certificate = record.facts
      switch record.sighting.role {
      case .anchor, .intermediate:
        let own = Set(
          [certificate.trustDomain, record.sighting.place.trustDomain].compactMap { $0 })
        let found = domains[certificate.id].map { Array($0.keys) } ?? own.sorted().map { $0 }
        for domain in found.isEmpty ? [nil] : found {
          authorities[domain, default: []].append(
            CertificateOverview.Authority(
              name: authorityName(of: certificate), role: record.sighting.role,
              notBefore: certificate.notBefore, notAfter: certificate.notAfter,
              chainCount: domains[certificate.id]?[domain] ?? 0))
        }
      case .leaf, .unknown:
        guard certificate.parseStatus != .failed, certificate.isCA != true else { continue }
        let name = name(of: certificate)
        names[name, default: []].append(certificate.id)
        guard let other = newest[name] else {
          newest[name] = certificate
          continue
        }
        if isNewer(certificate, than: other) { newest[name] = certificate }
      }
    }
    for (name, certificate) in newest {
      let succession = successions[name]
      identities[certificate.trustDomain, default: []].append(
        CertificateOverview.Identity(
          name: name, serial: certificate.serial, notBefore: certificate.notBefore,
          notAfter: certificate.notAfter, chain: chains[certificate.id]?.outcome,
          certificateCount: succession?.certificateCount ?? names[name]?.count ?? 1,
          longestGapSeconds: succession?.longestGapSeconds,
          usualIntervalSeconds: succession?.usualIntervalSeconds, keepsKey: succession?.keepsKey))
    }
    return CertificateOverview(
      domains: Set(authorities.keys).union(identities.keys).sorted(by: isBefore).map { domain in
        let all = (identities[domain] ?? []).sorted {
          ends($0.notAfter, $0.name, before: $1.notAfter, $1.name)
        }
        return CertificateOverview.Domain(
          trustDomain: domain,
          authorities: (authorities[domain] ?? []).sorted {
            ends($0.notAfter, $0.name, before: $1.notAfter, $1.name)
          },
          identities: Array(all.prefix(CertificateOverview.identityLimit)),
          identityCount: all.count)
      }, keys: keys())
  }

  private func keys() -> [CertificateOverview.KeyLine] {
    var lines: [String: CertificateOverview.KeyLine] = [:]
    for record in firstRecords() where record.facts.parseStatus != .failed {
      let certificate = record.facts
      let size = certificate.keyAlgorithm == "RSA" ? certificate.keySize.map(String.init) : nil
      let algorithm =
        certificate.keyAlgorithm.map { name in
          [name, certificate.curve ?? size].compactMap(\.self).joined(separator: " ")
        } ?? "unknown"
      var line = lines[algorithm] ?? CertificateOverview.KeyLine(algorithm: algorithm)
      line.certificateCount += 1
      if record.sighting.role == .anchor || record.sighting.role == .intermediate {
        line.authorityCount += 1
        if let end = certificate.notAfter {
          line.lastAuthorityEnd = max(line.lastAuthorityEnd ?? end, end)
        }
      }
      lines[algorithm] = line
    }
    return lines.values.sorted { $0.algorithm < $1.algorithm }
  }

  private func firstRecords() -> [CertificateRecord] {
    var seen: Set<String> = []
    return facts.certificates.filter { seen.insert($0.facts.id).inserted }
  }

  /// For each certificate, how many paths of each trust domain lead over it.
  private func domains() -> [String: [String?: Int]] {
    var found: [String: [String?: Int]] = [:]
    let leaves = Set(
      facts.certificates.filter { $0.sighting.role == .leaf }.map(\.facts.id))
    for chain in facts.chains where leaves.contains(chain.certificateID) {
      for id in chain.path.dropFirst() {
        found[id, default: [:]][chain.trustDomain, default: 0] += 1
      }
    }
    return found
  }

  /// CAs go by their subject; their SPIFFE ID, if any, is that of the trust domain.
  private func authorityName(of certificate: CertificateFacts) -> String {
    certificate.subject.flatMap { $0.isEmpty ? nil : $0 } ?? name(of: certificate)
  }

  private func name(of certificate: CertificateFacts) -> String {
    certificate.identity ?? (certificate.names(.uri) + certificate.names(.dns)).min()
      ?? certificate.subject.flatMap { $0.isEmpty ? nil : $0 }
      ?? certificate.recordName ?? certificate.serial.map { "serial \($0)" } ?? certificate.id
  }

  private func isNewer(_ left: CertificateFacts, than right: CertificateFacts) -> Bool {
    ends(right.notAfter, right.id, before: left.notAfter, left.id)
  }

  /// Order by end, unknown ends first, then by name.
  private func ends(
    _ left: UTCTime?, _ leftName: String, before right: UTCTime?, _ rightName: String
  ) -> Bool {
    if left == right { return leftName < rightName }
    guard let left else { return true }
    guard let right else { return false }
    return left < right
  }

  private func isBefore(_ left: String?, _ right: String?) -> Bool {
    guard let left else { return false }
    guard let right else { return true }
    return left < right
  }
}
