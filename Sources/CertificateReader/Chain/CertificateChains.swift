package import MeshModel

extension CertificateReader {
  /// The way of every certificate up to a trust anchor, within the given ones.
  ///
  /// Path building after RFC 4158 and validation after RFC 5280 section 6.1, without revocation and
  /// policies. Issuers are checked at `asOf`, moved into the certificate's own validity, so that a
  /// certificate that was renewed and has ended is not taken for a broken one.
  ///
  /// Each signature is verified once for each key and certificate. A path has at most
  /// `ChainSearch.longestPath` certificates and a certificate looks at
  /// `ChainSearch.candidateLimit` issuers at most. Results are in the order in which the
  /// certificates were met, one for each that is no anchor.
  package static func chains(of records: [CertificateRecord], asOf: UTCTime) -> [CertificateChain] {
    var signatures = SignatureCache()
    let index = ChainIndex(records)
    var chains: [CertificateChain] = []
    for node in index.nodes.indices where index.nodes[node].isTarget {
      var search = ChainSearch(index: index, target: node, asOf: asOf)
      chains.append(search.chain(&signatures))
    }
    return chains
  }
}

/// Answers on signatures that were verified already, by issuing key and certificate.
struct SignatureCache {
  private struct Key: Hashable {
    var issuerKey: String
    var certificate: Int
  }

  private var answers: [Key: SignatureCheck.Answer] = [:]
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
    let place = Key(issuerKey: name, certificate: certificate)
    if let answer = answers[place] { return answer }
    let key = keys[name] ?? IssuerKey(keyBytes, keyParts.publicKeyInfo)
    keys[name] = .some(key)
    let answer = key.map { SignatureCheck.verify(bytes, parts, with: $0) } ?? .notVerifiable
    if answer == .valid {
      signers[certificate] = name
    } else {
      answers[place] = answer
    }
    return answer
  }
}
