import AccessLogReader
import AuditModel
import CertificateReader
import DocumentReader
import MeshModel

/// One file after its own thread has read and parsed it.
struct ParsedFile: Sendable {
  enum Content: Sendable {
    case log(format: String)
    case lines
    case documents([DocumentNode])
    case decisions(DecisionLog)
    case observation(ObservationFile.Contents)
    case evidence([UInt8])
    case certificates(ReadCertificates)
    case unknown(String)
    case failed(String)
  }

  var file: InputFile
  var record: InputRecord
  var content: Content
  /// A public key in PEM, which evidence may be checked with.
  var publicKey: [UInt8]?
  /// The start of the contents, kept for files that may be access logs.
  var prefix: [UInt8] = []
  /// Why what may be an access log could not be inflated to its end.
  var inflatingProblem: String?
  /// SHA-256 and length after decompression, of metrics and traces.
  var contentDigest = (digest: "", byteCount: 0)
  var diagnostics: [Diagnostic] = []

  /// - Parameter spool: where certificates are kept.
  static func parse(
    _ file: InputFile, spool: Spool, certificateColumns: CertificateColumns = .init()
  ) -> ParsedFile {
    var parsed = ParsedFile(
      file: file, record: InputRecord(path: file.path, kind: "unknown", status: .read),
      content: .unknown(""))
    do {
      let contents = try WholeFile.read(file.storage) {
        CertificateBundle($0, path: file.path, in: spool)
      }
      parsed.record.sha256 = contents.sha256
      parsed.record.byteCount = contents.byteCount
      if !certificateColumns.isEmpty, let bytes = contents.bytes,
        contents.inflatingProblem == nil,
        CertificateReader.recognisesTable(contents.prefix, columns: certificateColumns)
      {
        let sink = DiagnosticSink()
        let inventory = CertificateReader.readTable(
          bytes, path: file.path, columns: certificateColumns, into: sink)
        parsed.keep(inventory, sink.diagnostics, in: spool)
      } else {
        parsed.interpret(contents, spool: spool)
      }
    } catch {
      parsed.content = .failed(error.reason)
    }
    return parsed
  }

  private mutating func interpret(_ contents: WholeFile, spool: Spool) {
    let kind = ContentKind.of(contents.prefix, isWhole: contents.isWholePrefix)
    if let problem = contents.inflatingProblem {
      switch kind {
      // What is left of a cut file may look like anything, or like an empty one; logs say for
      // themselves that they are cut.
      case .empty, .unknown:
        content = .failed(problem)
        return
      case .accessLog, .lines, .certificates, .documents, .decisionLog, .metrics, .traces,
        .evidence:
        break
      }
    }
    switch kind {
    case .empty: content = .unknown("it is empty")
    case .unknown(let reason): content = .unknown(reason)
    case .accessLog(let format): content = .log(format: format)
    case .lines:
      content = .lines
      prefix = contents.prefix
      inflatingProblem = contents.inflatingProblem
    case .certificates, .documents, .decisionLog, .metrics, .traces, .evidence:
      if let bundle = contents.bundle {
        take(bundle, inflatingProblem: contents.inflatingProblem)
        return
      }
      guard let bytes = contents.bytes else {
        content = .failed("it is larger than \(InputReading.largestDocument >> 20) MiB")
        return
      }
      if let problem = contents.inflatingProblem {
        content = .failed(problem)
        return
      }
      switch kind {
      case .certificates:
        if bytes.starts(with: Array("-----BEGIN PUBLIC KEY-----".utf8)) { publicKey = bytes }
        readCertificates(bytes, spool: spool)
      case .decisionLog: content = .decisions(DecisionLogReader.read(bytes))
      case .metrics: readMetrics(bytes, spool: spool)
      case .traces: readTraces(bytes)
      case .evidence: readEvidence(bytes)
      case .documents, .accessLog, .lines, .empty, .unknown: readDocuments(bytes)
      }
    }
  }

  private mutating func take(_ bundle: CertificateBundle, inflatingProblem: String?) {
    if let inflatingProblem {
      content = .failed(inflatingProblem)
      return
    }
    var bundle = bundle
    do throws(Spool.Failure) {
      let (certificates, diagnostics) = try bundle.finish()
      content = .certificates(certificates)
      self.diagnostics = diagnostics
    } catch {
      content = .failed(error.reason)
    }
  }

  private mutating func readCertificates(_ bytes: [UInt8], spool: Spool) {
    let sink = DiagnosticSink()
    let inventory = CertificateReader.read(bytes, path: file.path, into: sink)
    keep(inventory, sink.diagnostics, in: spool)
  }

  /// Takes the file for an inventory of certificates.
  mutating func keep(
    _ inventory: CertificateInventory, _ diagnostics: [Diagnostic], in spool: Spool
  ) {
    do throws(Spool.Failure) {
      content = .certificates(try ReadCertificates(inventory, diagnostics, in: spool))
      self.diagnostics = diagnostics
    } catch {
      content = .failed(error.reason)
    }
  }

  private mutating func readDocuments(_ bytes: [UInt8]) {
    let sink = DiagnosticSink()
    if String(validating: bytes, as: UTF8.self) == nil {
      sink.report(
        .error, "invalid-utf8", "the file is not valid UTF-8",
        at: SourceLocation(path: file.path), hint: "save it as UTF-8; broken bytes were replaced")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    let first = text.unicodeScalars.first { !" \t\r\n\u{FEFF}".unicodeScalars.contains($0) }
    // JSON is read as JSON: YAML readers stumble over its escapes.
    if first == "{" || first == "[" {
      content = .documents(JSONDocuments.read(text, path: file.path, into: sink))
    } else {
      content = .documents(YAMLDocuments.read(text, path: file.path, into: sink))
    }
    if sink.errorCount > 0, let stranger = StrangeText(text, path: file.path) {
      content = .unknown(stranger.reason)
      if !file.isExplicit { return }
    }
    diagnostics = sink.diagnostics
  }
}
