package import MeshModel

/// The certificates of a run and their chains, in the order in which they were met.
///
/// There may be more of them than memory should hold: they are handed over one after another, and as often
/// as is asked for.
package struct CertificateStock: Sendable {
  package typealias RecordWalk = @Sendable ((CertificateRecord) throws -> Void) throws -> Void
  package typealias ChainWalk =
    @Sendable (
      _ isWanted: (_ position: Int) -> Bool,
      _ visit: (_ position: Int, CertificateChain) throws -> Void
    ) throws -> Void

  /// Records: a certificate that was met at two places counts twice.
  package let recordCount: Int
  /// Ids of the certificates that may stand in the chain of another.
  package let issuerIDs: Set<String>
  private let records: RecordWalk
  private let chains: ChainWalk

  package init(
    recordCount: Int, issuerIDs: Set<String>, records: @escaping RecordWalk,
    chains: @escaping ChainWalk
  ) {
    self.recordCount = recordCount
    self.issuerIDs = issuerIDs
    self.records = records
    self.chains = chains
  }

  /// Records and chains that are at hand.
  package init(_ records: [CertificateRecord], chains: [CertificateChain] = []) {
    let byID = Dictionary(chains.map { ($0.certificateID, $0) }) { first, _ in first }
    self.init(
      recordCount: records.count, issuerIDs: Set(chains.flatMap(\.path)),
      records: { visit in
        for record in records { try visit(record) }
      },
      chains: { isWanted, visit in
        for (position, record) in records.enumerated() where isWanted(position) {
          if let chain = byID[record.facts.id] { try visit(position, chain) }
        }
      })
  }

  /// Certificates that were kept aside cannot be read any more.
  package struct Failure: Error {
    package var message: String

    package init(message: String) { self.message = message }
  }

  package func forEachRecord(_ visit: (CertificateRecord) throws -> Void) throws {
    try records(visit)
  }

  /// The chains of the records that are wanted, by their position among all records; those without a chain
  /// are left out.
  package func forEachChain(
    where isWanted: (_ position: Int) -> Bool,
    _ visit: (_ position: Int, CertificateChain) throws -> Void
  ) throws {
    try chains(isWanted, visit)
  }
}

extension CertificateStock: ExpressibleByArrayLiteral {
  package init(arrayLiteral records: CertificateRecord...) { self.init(records) }
}
