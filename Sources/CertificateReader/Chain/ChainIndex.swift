import MeshModel

/// A distinct certificate of a run, with what chains need of it.
struct ChainNode {
  var facts: CertificateFacts
  var der: [UInt8]?
  var parts: SignedParts?
  var constraints: NameConstraints?
  /// Met as a trust anchor, or a CA that says it is one itself.
  var isAnchor = false
  /// Met, or meant, as something else than an anchor.
  var isTarget = false
  /// The trust domains that it is an anchor of; empty when nothing says.
  var trustDomains: Set<String> = []
}

/// Those that may issue under one name, the likeliest first: anchors, then the longest lasting.
private struct IssuerGroup {
  var all: [Int] = []
  var byKeyID: [String: [Int]] = [:]
  var withoutKeyID: [Int] = []
}

/// The certificates of a run that may stand above another, by name, each once, and at most one guest
/// behind them, whose chain is looked for.
struct ChainIndex {
  private(set) var nodes: [ChainNode] = []
  private var places: [String: Int] = [:]
  private var issuersBySubject: [String: IssuerGroup] = [:]

  /// Decision: a self-issued CA counts as an anchor wherever it is met, for exports seldom say what a
  /// bundle is used as; whether it is one that somebody approved is a question of its own.
  init(_ records: [CertificateRecord]) {
    for record in records {
      let place: Int
      if let known = places[record.facts.id] {
        place = known
      } else {
        place = nodes.count
        places[record.facts.id] = place
        nodes.append(ChainNode(facts: record.facts))
      }
      if nodes[place].der == nil { nodes[place].der = record.der }
      if record.sighting.role == .anchor {
        nodes[place].isAnchor = true
        if let domain = record.sighting.place.trustDomain {
          nodes[place].trustDomains.insert(domain)
        }
      }
    }
    for index in nodes.indices { complete(index) }
    groupIssuers()
  }

  /// Where a certificate stands that may issue.
  func place(of certificateID: String) -> Int? { places[certificateID] }

  /// Takes in a certificate that issues nothing; `unseat` lets it go.
  mutating func seat(_ record: CertificateRecord) -> Int {
    nodes.append(ChainNode(facts: record.facts, der: record.der))
    complete(nodes.count - 1)
    return nodes.count - 1
  }

  mutating func unseat() { nodes.removeLast() }

  private mutating func complete(_ index: Int) {
    let facts = nodes[index].facts
    nodes[index].isTarget =
      facts.parseStatus != .failed && (!nodes[index].isAnchor || facts.role == .leaf)
    if let der = nodes[index].der {
      nodes[index].parts = SignedParts(der)
      if let range = nodes[index].parts?.nameConstraints {
        nodes[index].constraints = NameConstraints(der, range)
      }
    }
    if nodes[index].isAnchor, let domain = facts.spiffeID?.trustDomain {
      nodes[index].trustDomains.insert(domain)
    }
  }

  /// A workload's leaf may be asked to issue, too: that it must not is what the check says.
  private mutating func groupIssuers() {
    let likeliestFirst = nodes.indices.filter {
      nodes[$0].facts.parseStatus != .failed
    }.sorted { left, right in
      let (first, second) = (nodes[left], nodes[right])
      if first.isAnchor != second.isAnchor { return first.isAnchor }
      if first.facts.notAfter != second.facts.notAfter {
        // One whose end is unknown is tried last.
        guard let leftEnd = first.facts.notAfter else { return false }
        guard let rightEnd = second.facts.notAfter else { return true }
        return leftEnd > rightEnd
      }
      return first.facts.id < second.facts.id
    }
    for index in likeliestFirst {
      guard let subject = nodes[index].facts.subject, !subject.isEmpty else { continue }
      issuersBySubject[subject, default: IssuerGroup()].all.append(index)
      if let keyID = nodes[index].facts.subjectKeyID {
        issuersBySubject[subject]?.byKeyID[keyID, default: []].append(index)
      } else {
        issuersBySubject[subject]?.withoutKeyID.append(index)
      }
    }
  }

  /// The first `limit` that may have issued a certificate, by name: those whose key id fits, then
  /// those without one, then the others, each the likeliest first.
  ///
  /// Costs nothing for namesakes beyond the limit: thousands of certificates may share a subject.
  func issuers(of index: Int, limit: Int) -> [Int] {
    let facts = nodes[index].facts
    guard let issuer = facts.issuer, let group = issuersBySubject[issuer] else { return [] }
    guard let wanted = facts.authorityKeyID else {
      return Array(group.all.lazy.filter { $0 != index }.prefix(limit))
    }
    var found: [Int] = []
    for candidates in [group.byKeyID[wanted] ?? [], group.withoutKeyID] {
      found += candidates.lazy.filter { $0 != index }.prefix(limit - found.count)
    }
    let others = group.all.lazy.filter {
      guard let own = nodes[$0].facts.subjectKeyID else { return false }
      return own != wanted && $0 != index
    }
    found += others.prefix(limit - found.count)
    return found
  }
}
