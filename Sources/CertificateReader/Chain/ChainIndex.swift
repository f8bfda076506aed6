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

/// The certificates of a run by name, each once.
struct ChainIndex {
  private(set) var nodes: [ChainNode] = []
  /// Those that may issue, by subject.
  private var issuersBySubject: [String: [Int]] = [:]

  /// Decision: a self-issued CA counts as an anchor wherever it is met, for exports seldom say what a
  /// bundle is used as; whether it is one that somebody approved is a question of its own.
  init(_ records: [CertificateRecord]) {
    var places: [String: Int] = [:]
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
    for subject in issuersBySubject.keys {
      issuersBySubject[subject]?.sort { nodes[$0].facts.id < nodes[$1].facts.id }
    }
  }

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
    // A workload's leaf may be asked to issue, too: that it must not is what the check says.
    if let subject = facts.subject, !subject.isEmpty, facts.parseStatus != .failed {
      issuersBySubject[subject, default: []].append(index)
    }
  }

  /// Who may have issued a certificate, by name; those whose key id fits first, then the longest
  /// lasting.
  func issuers(of index: Int) -> [Int] {
    let facts = nodes[index].facts
    guard let issuer = facts.issuer, let found = issuersBySubject[issuer] else { return [] }
    func rank(_ candidate: Int) -> (Int, Int) {
      let other = nodes[candidate].facts
      let fit: Int =
        if let wanted = facts.authorityKeyID, let own = other.subjectKeyID {
          wanted == own ? 0 : 2
        } else {
          1
        }
      return (fit, nodes[candidate].isAnchor ? 0 : 1)
    }
    return found.filter { $0 != index }.sorted { left, right in
      let (first, second) = (rank(left), rank(right))
      if first != second { return first < second }
      let ends = (nodes[left].facts.notAfter, nodes[right].facts.notAfter)
      if ends.0 != ends.1, let leftEnd = ends.0, let rightEnd = ends.1 { return leftEnd > rightEnd }
      return nodes[left].facts.id < nodes[right].facts.id
    }
  }
}
