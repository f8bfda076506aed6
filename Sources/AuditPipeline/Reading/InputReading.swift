import AccessLogReader
import AuditModel
import CertificateReader
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

extension DiagnosticSink {
  var errorCount: Int { diagnostics.count { $0.severity == .error } }
}
