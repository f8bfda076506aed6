import CertificateReader
import Foundation
import MeshModel

/// What reading a PEM bundle costs on one core.
///
/// `read` takes all facts with the SHA-256 of certificate and key and lets each certificate go, as an audit
/// does; `chains` keeps them all and builds the chains with their signatures. Usage:
/// `CertificateReading FILE [read|chains]`.
let arguments = CommandLine.arguments.dropFirst()
guard let path = arguments.first, let file = fopen(path, "rb") else {
  FileHandle.standardError.write(Data("usage: CertificateReading FILE [read|chains]\n".utf8))
  exit(64)
}
let sink = DiagnosticSink()
var stream = PEMStream(path: path, into: sink)
var block = [UInt8](repeating: 0, count: 256 << 10)
let keepsRecords = arguments.dropFirst().first == "chains"
var records: [CertificateRecord] = []
var count = 0

func take(_ read: [CertificateRecord]) {
  count += read.count
  if keepsRecords { records += read }
}

while case let byteCount = fread(&block, 1, block.count, file), byteCount > 0 {
  stream.take(block[..<byteCount])
  take(stream.takeRecords())
}
fclose(file)
stream.finish()
take(stream.takeRecords())
var line = "\(count) certificates, \(sink.diagnostics.count) diagnostics"
if keepsRecords {
  let chains = CertificateReader.chains(
    of: records, asOf: UTCTime("2026-11-20T06:00:00Z") ?? UTCTime(seconds: 0))
  line += ", \(chains.count { $0.outcome == .complete }) complete chains"
}
print(line)
