import CertificateReader
import MeshModel

/// What one input tells of certificates: they themselves in the run's spool, all else at hand.
struct ReadCertificates: Sendable {
  var kept: KeptCertificates
  /// Keys, entries, tokens and lists; no certificate stands in it.
  var others: CertificateInventory
  /// Parts of the input that could not be read.
  var problemCount: Int

  /// - Parameter diagnostics: what reading the inventory had to say.
  init(_ inventory: CertificateInventory, _ diagnostics: [Diagnostic], in spool: Spool)
    throws(Spool.Failure)
  {
    kept = KeptCertificates(in: spool)
    try kept.append(inventory.certificates)
    others = inventory
    others.certificates = []
    problemCount = Self.problemCount(diagnostics)
  }

  fileprivate init(_ kept: KeptCertificates, _ others: CertificateInventory, _ sink: DiagnosticSink)
  {
    self.kept = kept
    self.others = others
    problemCount = Self.problemCount(sink.diagnostics)
  }

  /// What was named but not opened was not read, either: a container under a password for example.
  private static func problemCount(_ diagnostics: [Diagnostic]) -> Int {
    diagnostics.count {
      $0.severity == .error || $0.code == "certificate-unreadable"
        || $0.code == "not-evaluated" && $0.severity == .warning
    }
  }
}

/// A long PEM bundle, read block by block while its file is read: neither the file nor its certificates
/// are in memory at any time.
struct CertificateBundle {
  private var stream: PEMStream
  private let sink = DiagnosticSink()
  private var kept: KeptCertificates
  /// Why reading stopped before the end.
  private var problem: String?

  /// - Parameters:
  ///   - path: the file as messages name it.
  ///   - prefix: the start of its contents.
  /// - Returns: nil for all that is no long PEM bundle.
  init?(_ prefix: [UInt8], path: String, in spool: Spool) {
    guard PEMStream.fits(prefix) else { return nil }
    stream = PEMStream(path: path, into: sink)
    kept = KeptCertificates(in: spool)
  }

  mutating func take(_ bytes: some Sequence<UInt8>) {
    guard problem == nil else { return }
    stream.take(bytes)
    keep()
    if stream.pendingByteCount > InputReading.largestDocument {
      problem = "a block of it is larger than \(InputReading.largestDocument >> 20) MiB"
    }
  }

  private mutating func keep() {
    do throws(Spool.Failure) {
      try kept.append(stream.takeRecords())
    } catch {
      problem = error.reason
    }
  }

  /// What the bundle holds, once it was read to its end.
  mutating func finish() throws(Spool.Failure) -> (ReadCertificates, [Diagnostic]) {
    if problem == nil {
      stream.finish()
      keep()
    }
    if let problem { throw Spool.Failure(reason: problem) }
    return (ReadCertificates(kept, stream.inventory, sink), sink.diagnostics)
  }
}
