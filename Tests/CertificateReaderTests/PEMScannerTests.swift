import Testing

@testable import CertificateReader

@Suite struct PEMScannerTests {
  @Test func nothing() {}
}
