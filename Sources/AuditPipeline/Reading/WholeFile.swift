import AccessLogReader
import Crypto
import Foundation

/// A file read for parsing: its digest and, unless it turns out to be an access log, its contents.
struct WholeFile {
  /// The start of it after decompression, as much as tells what it is.
  var prefix: [UInt8] = []
  /// All of it after decompression; nil for an access log, which is streamed later, for a certificate
  /// bundle and for a file that is too large.
  var bytes: [UInt8]?
  /// A long bundle of certificates, which was read from the blocks as they came.
  var bundle: CertificateBundle?
  /// Of the bytes on disk, in hex; empty for an access log.
  var sha256 = ""
  var byteCount = 0
  var isCompressed = false
  /// Why the contents could not be inflated to their end.
  var inflatingProblem: String?

  /// There is no more of the file than `prefix`.
  var isWholePrefix: Bool { bytes.map { $0.count == prefix.count } ?? false }

  /// - Parameter bundle: reads a long bundle of certificates that starts so; nil for all else.
  static func read(
    _ path: String, bundle: (_ prefix: [UInt8]) -> CertificateBundle? = { _ in nil }
  ) throws(SourceFile.Failure) -> WholeFile {
    let file = try SourceFile(path: path)
    var result = WholeFile()
    var digest = SHA256()
    var decoder = ContentDecoder(
      limits: InflateLimits(byteCount: InputReading.largestDocument, ratio: 1_000))
    var contents: [UInt8] = []
    while let block = try file.next() {
      digest.update(bufferPointer: block)
      decoder.decode(block) { decoded in
        if result.bundle != nil {
          result.bundle?.take(decoded)
        } else if contents.count <= InputReading.largestDocument {
          contents.append(contentsOf: decoded)
        }
      }
      result.isCompressed = decoder.isCompressed
      if result.prefix.isEmpty, let count = ContentPrefix.count(of: contents) {
        result.prefix = Array(contents.prefix(count))
        switch ContentKind.of(result.prefix) {
        case .accessLog: return result
        case .certificates:
          result.bundle = bundle(result.prefix)
          if result.bundle != nil {
            result.bundle?.take(contents)
            contents = []
          }
        case .lines, .documents, .decisionLog, .metrics, .traces, .evidence, .empty, .unknown:
          break
        }
      }
    }
    decoder.finish()
    result.inflatingProblem = decoder.problem
    result.byteCount = file.byteCount
    result.sha256 = Digest.hex(digest.finalize())
    if result.prefix.isEmpty { result.prefix = Array(contents.prefix(ContentPrefix.most)) }
    if result.bundle == nil, contents.count <= InputReading.largestDocument {
      result.bytes = contents
    }
    return result
  }
}

/// Hands on the contents of a file, inflated when they are gzip or zstd.
struct ContentDecoder: ~Copyable {
  private var inflater: InflatingReader?
  private var isFirst: Bool
  private let limits: InflateLimits
  private let isLog: Bool
  /// Takes lines out of a document; nil when the contents are lines themselves.
  private var document: LogDocument?
  private var isFirstDecoded = true
  private(set) var isCompressed = false
  /// Whether what is handed on are the bytes on disk.
  var isPlain: Bool { !isCompressed && document == nil }
  /// Why decoding stopped before the end; nothing is handed on after that.
  private(set) var problem: String?

  /// - Parameters:
  ///   - isPlain: nothing is inflated, however the contents start.
  ///   - isLog: documents that hold lines of logs are handed on as lines.
  init(limits: InflateLimits, isPlain: Bool = false, isLog: Bool = false) {
    self.limits = limits
    self.isLog = isLog && !isPlain
    isFirst = !isPlain
    inflater = nil
  }

  /// Decodes the next block, or finishes after the last one, which is nil.
  mutating func decode(
    orFinish block: UnsafeRawBufferPointer?, into consume: (UnsafeRawBufferPointer) -> Void
  ) {
    guard let block else { return finish(into: consume) }
    decode(block, into: consume)
  }

  mutating func decode(
    _ block: UnsafeRawBufferPointer, into consume: (UnsafeRawBufferPointer) -> Void
  ) {
    if isFirst {
      isFirst = false
      let format = InflatingReader.format(block)
      isCompressed = format != nil
      if let format { inflater = InflatingReader(format: format, limits: limits) }
    }
    guard problem == nil else { return }
    guard isCompressed else {
      handOn(block, consume)
      return
    }
    var inflated = inflater.take()
    do throws(InflateError) {
      try inflated?.inflate(block) { handOn($0, consume) }
    } catch {
      problem = error.message
    }
    inflater = inflated
  }

  private mutating func handOn(
    _ decoded: UnsafeRawBufferPointer, _ consume: (UnsafeRawBufferPointer) -> Void
  ) {
    if isLog, isFirstDecoded, !decoded.isEmpty {
      isFirstDecoded = false
      document = LogDocument.kind(of: decoded).map { LogDocument($0) }
    }
    guard document != nil else {
      consume(decoded)
      return
    }
    document?.take(decoded, into: consume)
  }

  /// Says whether the stream was whole; `consume` is given what was kept for want of an end.
  mutating func finish(into consume: (UnsafeRawBufferPointer) -> Void = { _ in }) {
    if problem == nil, isCompressed {
      do throws(InflateError) {
        try inflater?.finish()
      } catch {
        problem = error.message
      }
    }
    guard problem == nil else { return }
    document?.finish(into: consume)
    if let document, !document.isWhole { problem = "its JSON is broken or cut" }
  }
}
