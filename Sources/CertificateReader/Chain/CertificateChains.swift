package import MeshModel

/// Finds the way of certificates up to a trust anchor.
///
/// Path building after RFC 4158 and validation after RFC 5280 section 6.1, without revocation and
/// policies. Issuers are checked at `asOf`, moved into the certificate's own validity, so that a
/// certificate that was renewed and has ended is not taken for a broken one.
///
/// Each signature is verified once for each key and certificate. A path has at most
/// `ChainSearch.longestPath` certificates and a certificate looks at `ChainSearch.candidateLimit` issuers
/// at most. Memory goes with those that may issue, not with those whose chains are asked for.
package struct CertificateChains {
  private var index: ChainIndex
  private var signatures = SignatureCache()
  private let asOf: UTCTime

  /// - Parameter issuers: those that may stand in a chain above another: all that `IssuerChoice` chooses.
  package init(issuers: [CertificateRecord], asOf: UTCTime) {
    index = ChainIndex(issuers)
    self.asOf = asOf
  }

  /// Whether it may stand in the chain of another.
  package func mayIssue(_ certificateID: String) -> Bool {
    index.place(of: certificateID) != nil
  }

  /// The ids of those that may stand in the chain of another.
  package var issuerIDs: Set<String> { Set(index.nodes.map(\.facts.id)) }

  /// The chain of a certificate; nil when it is an anchor, or could not be read.
  package mutating func chain(of record: CertificateRecord) -> CertificateChain? {
    if let known = index.place(of: record.facts.id) { return chain(ofNode: known) }
    let guest = index.seat(record)
    defer {
      index.unseat()
      signatures.forget(guest)
    }
    return chain(ofNode: guest)
  }

  private mutating func chain(ofNode node: Int) -> CertificateChain? {
    guard index.nodes[node].isTarget else { return nil }
    var search = ChainSearch(index: index, target: node, asOf: asOf)
    return search.chain(&signatures)
  }
}

extension CertificateReader {
  /// The chains within the given certificates, one for each that is no anchor, in the order in which they
  /// were met.
  package static func chains(of records: [CertificateRecord], asOf: UTCTime) -> [CertificateChain] {
    var choice = IssuerChoice()
    for record in records { choice.count(CertificateKeys(record)) }
    var chains = CertificateChains(
      issuers: records.filter { choice.includes(CertificateKeys($0)) }, asOf: asOf)
    var seen: Set<String> = []
    return records.compactMap { record in
      seen.insert(record.facts.id).inserted ? chains.chain(of: record) : nil
    }
  }
}

/// Chooses those certificates that may stand in the chain of another: anchors, those by whose subject
/// another is issued, and those that several records describe, of which one has no bytes.
package struct IssuerChoice {
  private var issuers: Set<UInt64> = []
  private var records: Set<UInt64> = []

  package init() {}

  /// Takes note of a certificate; all are counted before one is chosen.
  package mutating func count(_ keys: CertificateKeys) {
    issuers.insert(keys.issuer)
    if !keys.hasBytes { records.insert(keys.id) }
  }

  /// Takes note of who issued something else than a certificate.
  package mutating func count(issuer: String) { issuers.insert(CertificateKeys.digest(issuer)) }

  package func includes(_ keys: CertificateKeys) -> Bool {
    keys.isAnchor || keys.subject != 0 && issuers.contains(keys.subject)
      || records.contains(keys.id)
  }
}

/// Answers on signatures that were verified already, by issuing key and certificate.
struct SignatureCache {
  private var answers: [Int: [String: SignatureCheck.Answer]] = [:]
  /// The key that made each certificate's signature: no other made it, so no other is tried.
  private var signers: [Int: String] = [:]
  /// Nil within: a key that cannot be used.
  private var keys: [String: IssuerKey?] = [:]

  mutating func answer(_ certificate: Int, by issuer: Int, in index: ChainIndex)
    -> SignatureCheck.Answer
  {
    let (signed, signer) = (index.nodes[certificate], index.nodes[issuer])
    guard let bytes = signed.der, let parts = signed.parts, let keyBytes = signer.der,
      let keyParts = signer.parts
    else { return .notVerifiable }
    let name = signer.facts.spkiSHA256 ?? signer.facts.id
    if let known = signers[certificate] { return known == name ? .valid : .invalid }
    if let answer = answers[certificate]?[name] { return answer }
    let key = keys[name] ?? IssuerKey(keyBytes, keyParts.publicKeyInfo)
    keys[name] = .some(key)
    let answer = key.map { SignatureCheck.verify(bytes, parts, with: $0) } ?? .notVerifiable
    if answer == .valid {
      signers[certificate] = name
    } else {
      answers[certificate, default: [:]][name] = answer
    }
    return answer
  }

  /// Forgets a certificate's own signature; another may stand in its place next.
  mutating func forget(_ certificate: Int) {
    signers[certificate] = nil
    answers[certificate] = nil
  }
}
