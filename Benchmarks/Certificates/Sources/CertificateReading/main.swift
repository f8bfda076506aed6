import CertificateReader
import Foundation
import MeshModel

/// What reading a file of certificates costs on one core.
///
/// `read` takes all facts with the SHA-256 of certificate and key, `chains` the chains with their
/// signatures. Usage: `CertificateReading FILE [read|chains]`.
let arguments = CommandLine.arguments.dropFirst()
guard let path = arguments.first, let file = fopen(path, "rb") else {
  FileHandle.standardError.write(Data("usage: CertificateReading FILE [read|chains]\n".utf8))
  exit(64)
}
fseek(file, 0, SEEK_END)
let size = ftell(file)
rewind(file)
let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
  count = fread(buffer.baseAddress, 1, size, file)
}
fclose(file)
let sink = DiagnosticSink()
let inventory = CertificateReader.read(bytes, path: path, into: sink)
var line = "\(inventory.certificates.count) certificates, \(sink.diagnostics.count) diagnostics"
if arguments.dropFirst().first == "chains" {
  let chains = CertificateReader.chains(
    of: inventory.certificates, asOf: UTCTime("2026-11-20T06:00:00Z") ?? UTCTime(seconds: 0))
  line += ", \(chains.count { $0.outcome == .complete }) complete chains"
}
print(line)
