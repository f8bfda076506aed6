import AccessLogReader
import AuditModel
import CertificateReader
import Crypto
import DocumentReader
import ManifestReader
import MeshModel
import RegisterReader

/// Everything that the inputs of a run say, and what became of each input.
struct ReadInputs: Sendable {
  var inventory = MeshInventory()
  var certificates: KeptCertificates
  /// What else certificate inventories hold; no certificate stands in it.
  var identities = CertificateInventory()
  var register: AIRegister?
  var waivers: [Waiver] = []
  var externalDecisions: [ExternalDecision] = []
  /// Signed evidence of earlier runs.
  var evidence: [EvidenceFact] = []
  var inputs: [InputRecord] = []
  var diagnostics: [Diagnostic] = []
  /// Access logs: they are read last, once the manifests say how.
  var logs: [LogInput] = []
  /// Files that may be access logs in a format of the mesh's own.
  var candidates: [ParsedFile] = []
  /// Metrics and traces: they are counted last, once the manifests say who is who.
  var observations: [ObservationFile] = []

  init(in spool: Spool) { certificates = KeptCertificates(in: spool) }
}

/// An access log that was recognised and is still to be read.
struct LogInput: Sendable {
  var file: InputFile
  var format: String
}

/// Reads all inputs but access logs; files are parsed side by side and taken up in the order of their
/// paths.
struct InputReading {
  let concurrency: Int
  let progress: any RunProgress
  /// Headings of certificate inventories in CSV that were declared.
  var certificateColumns = CertificateColumns()

  /// A file of whatever kind may be this large when it is not a log, which is streamed.
  static let largestDocument = 256 << 20

  /// - Parameter standardInput: the file that holds a copy of standard input, for the path `-`.
  func read(_ paths: [String], standardInput: String? = nil) async -> ReadInputs {
    let found = InputDiscovery.files(below: paths, standardInput: standardInput)
    let spool = Spool()
    var result = ReadInputs(in: spool)
    let sink = DiagnosticSink()
    for failure in found.failures {
      result.inputs.append(
        InputRecord(path: failure.path, kind: "unknown", status: .failed, reason: failure.reason))
      sink.report(
        .error, "unreadable-input", "\"\(failure.path)\" was not read: \(failure.reason)",
        at: SourceLocation(path: failure.path))
    }
    progress.begin("reading", total: found.files.count)
    var parsed: [ParsedFile] = []
    await forEachConcurrently(found.files, limit: concurrency) { [certificateColumns] file in
      ParsedFile.parse(file, spool: spool, certificateColumns: certificateColumns)
    } receive: { file in
      parsed.append(file)
      progress.advance()
    }
    parsed.sort { $0.file.path < $1.file.path }
    var manifests = ManifestReader(sink: sink)
    let evidence = EvidenceReading(parsed)
    for file in parsed {
      if take(file, evidence, into: &result) { continue }
      take(file, manifests: &manifests, sink: sink, into: &result)
    }
    result.evidence = evidence.facts()
    result.inventory = manifests.finish()
    addCertificatesOfResources(sink: sink, to: &result)
    result.diagnostics = sink.diagnostics
    result.inputs.sort { $0.path < $1.path }
    return result
  }

  /// Takes up evidence, what it attests, and the keys for it; returns false for all else.
  private func take(
    _ parsed: ParsedFile, _ evidence: EvidenceReading, into result: inout ReadInputs
  )
    -> Bool
  {
    var record = parsed.record
    if case .evidence = parsed.content {
      record.kind = "evidence"
      record.recordCount = 1
    } else if evidence.isKey(record.path) {
      record.kind = "evidence-key"
      record.recordCount = 1
    } else if evidence.attestedPaths.contains(record.path) {
      // A report of an earlier run: its digest is what counts.
      record.kind = "evidence-report"
    } else {
      return false
    }
    result.inputs.append(record)
    return true
  }

  private func take(
    _ parsed: ParsedFile, manifests: inout ManifestReader, sink: DiagnosticSink,
    into result: inout ReadInputs
  ) {
    var record = parsed.record
    for diagnostic in parsed.diagnostics { sink.report(diagnostic) }
    switch parsed.content {
    case .log(let format):
      result.logs.append(LogInput(file: parsed.file, format: format))
      return
    case .lines:
      result.candidates.append(parsed)
      return
    case .failed(let reason): record = failed(parsed, reason, sink: sink)
    case .unknown(let reason): refuse(parsed.file, reason, record: &record, sink: sink)
    case .evidence: return
    case .certificates(let read):
      record.kind = "certificate"
      record.recordCount = read.kept.count
      record.rejectedCount = read.problemCount
      result.certificates.append(read.kept)
      result.identities.append(read.others)
      finish(&record, problems: read.problemCount)
    case .decisions(let log):
      record.kind = "decision-log:opa"
      record.recordCount = log.recordCount
      record.rejectedCount = log.rejectedCount
      record.firstTime = log.firstTime
      record.lastTime = log.lastTime
      result.externalDecisions += log.decisions
      finish(&record, problems: log.rejectedCount)
    case .observation(let contents):
      result.observations.append(
        ObservationFile(record: record, contents: contents, digest: parsed.contentDigest))
      if case .metrics(_, let certificates) = contents {
        take(certificates, sink: sink, into: &result)
      }
      return
    case .documents(let documents):
      takeDocuments(
        documents, of: parsed, record: &record, manifests: &manifests, sink: sink, into: &result)
    }
    result.inputs.append(record)
  }

  private func takeDocuments(
    _ documents: [DocumentNode], of parsed: ParsedFile, record: inout InputRecord,
    manifests: inout ManifestReader, sink: DiagnosticSink, into result: inout ReadInputs
  ) {
    let before = sink.errorCount
    var kinds: Set<String> = []
    var strangers = 0
    for document in documents {
      if ManifestReader.recognises(document) {
        kinds.insert("manifest")
        record.recordCount += manifests.read(document)
      } else if WaiverReader.recognises(document) {
        kinds.insert("waivers")
        let file = WaiverReader.read(document, into: sink)
        record.recordCount += file.waivers.count
        result.waivers += file.waivers
      } else if RegisterReader.recognises(document) {
        kinds.insert("register")
        let register = RegisterReader.read(document, into: sink)
        record.recordCount += register.systems.count
        if let first = result.register {
          sink.report(
            .error, "second-register", "a second register was given", at: document.location,
            hint: "the first, at \(first.location), is used; put all systems into one file")
        } else {
          result.register = register
        }
      } else if RunConfigurationReader.recognises(document) {
        kinds.insert("configuration")
        record.recordCount += 1
      } else if !document.isNull {
        strangers += 1
      }
    }
    let syntaxErrors = parsed.diagnostics.count { $0.severity == .error }
    record.rejectedCount = syntaxErrors
    guard !kinds.isEmpty else {
      if syntaxErrors > 0 {
        record.kind = "manifest"
        record.status = .failed
        record.reason = "none of its documents could be read"
      } else {
        refuse(
          parsed.file,
          documents.isEmpty
            ? "it holds no document"
            : "it is YAML or JSON without \"apiVersion\" and \"kind\", and no register or waivers",
          record: &record, sink: sink)
      }
      return
    }
    record.kind = kinds.sorted().joined(separator: "+")
    record.rejectedCount += strangers
    finish(&record, problems: syntaxErrors + sink.errorCount - before)
    if strangers > 0, record.status == .read {
      record.reason = "\(strangers) of its documents have no \"apiVersion\" and \"kind\""
    }
  }

  /// Whoever names a file wants it read; a file met in a folder may be anything.
  private func refuse(
    _ file: InputFile, _ reason: String, record: inout InputRecord, sink: DiagnosticSink
  ) {
    record.status = file.isExplicit ? .failed : .unrecognised
    record.reason = reason
    if file.isExplicit {
      sink.report(
        .error, "unrecognised-input", "\"\(file.path)\" was not recognised: \(reason)",
        at: SourceLocation(path: file.path),
        hint: "give manifests, certificates, access logs, metrics, traces, a register or waivers")
    }
  }

  /// Takes files that may be access logs for what they are, now that the mesh's own formats are known.
  func settleCandidates(formats: [AccessLogFormat], in result: inout ReadInputs) {
    let sink = DiagnosticSink()
    for parsed in result.candidates {
      if let format = AccessLogSniffer.format(of: parsed.prefix, formats: formats) {
        result.logs.append(LogInput(file: parsed.file, format: format))
      } else if let problem = parsed.inflatingProblem {
        // What is left of a cut file may look like anything.
        result.inputs.append(failed(parsed, problem, sink: sink))
      } else {
        var record = parsed.record
        refuse(
          parsed.file,
          "it is no manifest, certificate, register or waivers, and no access log of a known format",
          record: &record, sink: sink)
        result.inputs.append(record)
      }
    }
    result.candidates = []
    result.diagnostics += sink.diagnostics
    result.logs.sort { $0.file.path < $1.file.path }
    result.inputs.sort { $0.path < $1.path }
  }

  private func failed(_ parsed: ParsedFile, _ reason: String, sink: DiagnosticSink) -> InputRecord {
    var record = parsed.record
    record.status = .failed
    record.reason = reason
    sink.report(
      .error, "unreadable-input", "\"\(parsed.file.path)\" was not read: \(reason)",
      at: SourceLocation(path: parsed.file.path))
    return record
  }

  private func finish(_ record: inout InputRecord, problems: Int) {
    guard problems > 0 else { return }
    record.status = .partial
    record.reason = CountedNoun.text(problems, "problem") + " in it"
  }

  /// Secrets and ConfigMaps carry certificates, too.
  private func addCertificatesOfResources(sink: DiagnosticSink, to result: inout ReadInputs) {
    for secret in result.inventory.kubernetes.secrets {
      take(CertificateReader.certificates(of: secret, into: sink), sink: sink, into: &result)
    }
    for configMap in result.inventory.kubernetes.configMaps {
      take(CertificateReader.certificates(of: configMap, into: sink), sink: sink, into: &result)
      if let bundle = LinkerdTrustRoots.bundle(of: configMap) {
        result.inventory.linkerd.trustBundles.append(bundle)
      }
    }
    for request in result.inventory.certificates.requests {
      take(CertificateReader.certificates(of: request, into: sink), sink: sink, into: &result)
    }
    for source in result.inventory.certificates.trustSources {
      take(CertificateReader.certificates(of: source, into: sink), sink: sink, into: &result)
    }
    result.identities.registrationEntries += result.inventory.certificates.staticEntries
  }

  private func take(
    _ inventory: CertificateInventory, sink: DiagnosticSink, into result: inout ReadInputs
  ) {
    var others = inventory
    others.certificates = []
    result.identities.append(others)
    do throws(Spool.Failure) {
      try result.certificates.append(inventory.certificates)
    } catch {
      sink.report(
        .error, "unreadable-input", "certificates were not kept: \(error.reason)",
        at: inventory.certificates.first?.sighting.place.location,
        hint: "set TMPDIR to a folder with more room")
    }
  }
}

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

extension DiagnosticSink {
  var errorCount: Int { diagnostics.count { $0.severity == .error } }
}
