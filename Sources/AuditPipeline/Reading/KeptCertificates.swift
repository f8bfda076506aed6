import AuditModel
import CertificateReader
import MeshModel

/// The certificates of an input or of all inputs, in the order in which they were met.
///
/// Those that can be read again from their bytes stand in the run's spool, the others (an inventory's facts
/// without bytes) in memory.
struct KeptCertificates: Sendable {
  private enum Part: Sendable {
    case records([CertificateRecord])
    case spooled(Range<Int>)
  }

  private let spool: Spool
  private var parts: [Part] = []
  /// Records, not certificates.
  private(set) var count = 0

  init(in spool: Spool) { self.spool = spool }

  mutating func append(_ records: [CertificateRecord]) throws(Spool.Failure) {
    var encoder = CertificateEncoder()
    var others: [CertificateRecord] = []
    for record in records {
      if encoder.append(record) {
        close(&others)
      } else {
        try close(&encoder)
        others.append(record)
      }
    }
    close(&others)
    try close(&encoder)
    count += records.count
  }

  /// Appends those of another input, kept in the same spool.
  mutating func append(_ other: KeptCertificates) {
    parts += other.parts
    count += other.count
  }

  private mutating func close(_ others: inout [CertificateRecord]) {
    guard !others.isEmpty else { return }
    parts.append(.records(others))
    others = []
  }

  private mutating func close(_ encoder: inout CertificateEncoder) throws(Spool.Failure) {
    guard !encoder.bytes.isEmpty else { return }
    let range = try spool.append(encoder.bytes)
    encoder.removeAll()
    if case .spooled(let last)? = parts.last, last.upperBound == range.lowerBound {
      parts[parts.count - 1] = .spooled(last.lowerBound..<range.upperBound)
    } else {
      parts.append(.spooled(range))
    }
  }

  /// Hands over those of which `isWanted` holds; nothing is read of the others but their keys.
  func forEach(
    where isWanted: (_ position: Int, CertificateKeys) -> Bool = { _, _ in true },
    _ visit: (_ position: Int, CertificateRecord) throws -> Void
  ) throws {
    var position = 0
    for part in parts {
      switch part {
      case .records(let records):
        for record in records {
          if isWanted(position, CertificateKeys(record)) { try visit(position, record) }
          position += 1
        }
      case .spooled(let range):
        var reader = SpoolReader(spool, range)
        var decoder = CertificateDecoder()
        while !reader.isAtEnd {
          let count = try reader.next(CertificateDecoder.countByteCount) {
            CertificateDecoder.byteCount($0)
          }
          let record = try reader.next(count) { entry in
            decoder.record(entry) { isWanted(position, $0) }
          }
          if let record { try visit(position, record) }
          position += 1
        }
      }
    }
  }
}

/// The certificates of a run with what takes more than one of them to know: chains, keys with something in
/// common, and whose revocation lists they are.
struct CertificateJudgement {
  let stock: CertificateStock
  let revocationLists: [RevocationList]
  let diagnostic: Diagnostic?

  /// - Parameter lists: revocation lists that were met.
  init(_ kept: KeptCertificates, lists: [RevocationList], asOf: UTCTime) throws(Spool.Failure) {
    var choice = IssuerChoice()
    for list in lists { choice.count(issuer: list.issuer) }
    var issuers: [CertificateRecord] = []
    var keys = RSAKeyWeaknesses()
    do {
      // Nothing is wanted: the keys alone are looked at.
      try kept.forEach { _, found in
        choice.count(found)
        return false
      } _: { _, _ in
      }
      try kept.forEach { _, found in
        choice.includes(found)
      } _: {
        issuers.append($1)
      }
      try kept.forEach { _, found in
        found.hasRSAKey
      } _: {
        keys.add($1)
      }
    } catch {
      throw error as? Spool.Failure
        ?? Spool.Failure(reason: "the certificates cannot be read again")
    }
    keys.compare()
    diagnostic = keys.diagnostic
    revocationLists = CertificateReader.verified(lists, against: issuers)
    let chains = CertificateChains(issuers: issuers, asOf: asOf)
    stock = CertificateStock(
      recordCount: kept.count, issuerIDs: chains.issuerIDs,
      records: { [keys] visit in
        try Self.reading {
          try kept.forEach { try visit(keys.adding(to: $1)) }
        }
      },
      chains: { isWanted, visit in
        var chains = chains
        try Self.reading {
          try kept.forEach { position, _ in
            isWanted(position)
          } _: { position, record in
            if let chain = chains.chain(of: record) { try visit(position, chain) }
          }
        }
      })
  }

  private static func reading(_ walk: () throws -> Void) throws {
    do {
      try walk()
    } catch let failure as Spool.Failure {
      throw CertificateStock.Failure(message: failure.reason)
    }
  }
}
