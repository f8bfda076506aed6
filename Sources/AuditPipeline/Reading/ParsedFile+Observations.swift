import AccessLogReader
import CertificateReader
import MeshModel

extension ParsedFile {
  /// Metrics; of a file that has only those of certificates, the certificates alone are taken.
  mutating func readMetrics(_ bytes: [UInt8], spool: Spool) {
    let isText = ExpositionReader.recognises(bytes)
    var metrics =
      isText
      ? ExpositionReader.read(bytes, path: file.path)
      : QueryAnswerReader.read(bytes, path: file.path)
    let sink = DiagnosticSink()
    var certificates = CertificateInventory()
    if CertificateReader.recognises(bytes) != nil {
      certificates = CertificateReader.read(bytes, path: file.path, into: sink)
    }
    diagnostics = sink.diagnostics
    if metrics.recordCount == 0, metrics.rejectedCount == 0, certificates.itemCount > 0 {
      keep(certificates, sink.diagnostics, in: spool)
      return
    }
    // A line that is broken is so for both readers; it is told once.
    let told = Set(sink.diagnostics.compactMap(\.location?.line))
    diagnostics += metrics.diagnostics.filter { problem in
      problem.location.map { !told.contains($0.line) } ?? true
    }
    if let failure = metrics.failure {
      content = .failed("\(failure); nothing of it was counted")
      return
    }
    metrics.diagnostics = []
    contentDigest = (Digest.sha256(bytes), bytes.count)
    content = .observation(.metrics(metrics, certificates: certificates))
  }

  mutating func readTraces(_ bytes: [UInt8]) {
    var traces = TraceFormats.read(bytes, path: file.path)
    diagnostics = traces.diagnostics
    if let failure = traces.failure {
      content = .failed("\(failure); nothing of it was counted")
      return
    }
    traces.diagnostics = []
    contentDigest = (Digest.sha256(bytes), bytes.count)
    content = .observation(.traces(traces))
  }
}
