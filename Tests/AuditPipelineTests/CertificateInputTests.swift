import AccessLogReader
import AuditModel
import Foundation
import MeshModel
import Testing

@testable import AuditPipeline

@Suite struct CertificateInputTests {
  private func parse(_ text: String, named name: String) throws -> ParsedFile {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "meshaudit-certificate-input-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent(name).path
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return ParsedFile.parse(InputFile(path: path, isExplicit: true), spool: Spool())
  }

  /// The reader of metrics and that of certificates both meet it.
  @Test func aBrokenLineOfMetricsIsToldOnce() throws {
    let labels =
      "issuer_CN=\"root\",serial_number=\"42\",subject_CN=\"planner\",filepath=\"/tls.crt\""
    let parsed = try parse(
      """
      # TYPE x509_cert_not_after gauge
      x509_cert_not_after{\(labels)} 1.8e+09
      x509_cert_not_after{\(labels) 1.8e+09
      istio_requests_total{source_workload="a",source_workload_namespace="b 1

      """, named: "metrics.prom")
    #expect(parsed.diagnostics.map(\.location?.line) == [3, 4])
    guard case .observation(.metrics(let metrics, let certificates)) = parsed.content else {
      Issue.record("metrics were expected")
      return
    }
    #expect(metrics.rejectedCount == 2)
    #expect(certificates.certificates.count == 1)
  }

  @Test func aBundleOfAnyLengthIsReadInParts() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Data/certificates/corpus/pem-two.pem")
    let two = try String(contentsOf: root, encoding: .utf8)
    let parsed = try parse(
      String(repeating: two, count: 400) + "-----BEGIN CERTIFICATE-----\nMII", named: "long.pem")
    guard case .certificates(let read) = parsed.content else {
      Issue.record("certificates were expected")
      return
    }
    #expect(read.kept.count == 801)
    #expect(read.others.certificates.isEmpty)
    #expect(read.problemCount == 2)
    #expect(parsed.diagnostics.map(\.code).sorted() == ["certificate-unreadable", "pem-syntax"])
    #expect(Set(parsed.diagnostics.compactMap(\.location?.line)).count == 1)
  }
}
