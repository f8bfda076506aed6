import AuditModel
import MeshModel

@testable import EvidenceLog

/// Keys that others made: the Ed25519 key of RFC 8410 section 10.3 and a P-256 key that OpenSSL wrote.
enum FixtureKeys {
  static let ed25519 = """
    -----BEGIN PRIVATE KEY-----
    MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
    -----END PRIVATE KEY-----

    """

  /// The same key in version 2 of PKCS#8, with an attribute and the public key behind it.
  static let ed25519Version2 = """
    -----BEGIN PRIVATE KEY-----
    MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
    oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
    Z9w7lshQhqowtrbLDFw4rXAxZuE=
    -----END PRIVATE KEY-----

    """

  static let ed25519Public = """
    -----BEGIN PUBLIC KEY-----
    MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
    -----END PUBLIC KEY-----

    """

  static let p256 = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgEjRWeJCrze8SNFZ4
    kKvN7xI0VniQq83vEjRWeJCrze+hRANCAARHHD51jEkEKFu6flMRjtD1JK3rB1fS
    W9L457DXbfpxTN1SD3rKiouResw39R3o8Mm7462Fg4LnAtwloS0J96hY
    -----END PRIVATE KEY-----

    """

  static let p256SEC1 = """
    -----BEGIN EC PRIVATE KEY-----
    MHcCAQEEIBI0VniQq83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83voAoGCCqGSM49
    AwEHoUQDQgAERxw+dYxJBChbun5TEY7Q9SSt6wdX0lvS+Oew1236cUzdUg96yoqL
    kXrMN/Ud6PDJu+OthYOC5wLcJaEtCfeoWA==
    -----END EC PRIVATE KEY-----

    """

  static let p256Public = """
    -----BEGIN PUBLIC KEY-----
    MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAERxw+dYxJBChbun5TEY7Q9SSt6wdX
    0lvS+Oew1236cUzdUg96yoqLkXrMN/Ud6PDJu+OthYOC5wLcJaEtCfeoWA==
    -----END PUBLIC KEY-----

    """
}

extension String {
  var bytes: [UInt8] { Array(utf8) }
}

/// A run with two findings and its outputs.
struct FixtureRun {
  var sequence = 1
  var id = "run-1"
  var startedAt = UTCTime(seconds: 1_795_499_886)
  var previous: RunStatement.Previous?
  var files: [String: [UInt8]] = [
    "report.html": "<html>".bytes, "findings.json": "{}".bytes, "junit.xml": "<x/>".bytes,
  ]

  var report: AuditReport {
    let place = SourceLocation(path: "mesh/a.yaml", line: 4, column: 9)
    let findings = [
      Finding(
        ruleID: "LP-001", subject: "workload agents/planner", status: .fail, severity: .high,
        message: "admits every \"principal\"", location: place, evidence: ["rows": [1, 2]],
        fingerprint: "fp1:aa"),
      Finding(
        ruleID: "IC-001", subject: "certificate x", status: .waived, severity: .low,
        message: "ends soon", fingerprint: "fp1:bb", waiverID: "WV-1"),
    ]
    return AuditReport(
      run: .init(
        id: id, sequence: sequence, toolVersion: "0.1.0", asOf: startedAt, startedAt: startedAt,
        finishedAt: UTCTime(seconds: startedAt.seconds + 3),
        rulesDigest: String(repeating: "cd", count: 32), arguments: ["audit", "mesh"],
        failOn: .high, cluster: "eu-1"),
      scope: .init(
        namespaces: [], workloadCount: 0, identityCount: 0, policyCount: 0, certificateCount: 0,
        observedRequestCount: 0, verifiedRequestCount: 0, trafficFirst: nil, trafficLast: nil,
        edgeCounts: [:]),
      inputs: [
        InputRecord(
          path: "mesh/a.yaml", kind: "manifest", status: .read,
          sha256: String(repeating: "ab", count: 32), byteCount: 120, recordCount: 3),
        InputRecord(path: "mesh/b.yaml", kind: "unknown", status: .failed, reason: "no access"),
        InputRecord(
          path: "waivers.yaml", kind: "waivers", status: .read,
          sha256: String(repeating: "ef", count: 32), byteCount: 9, recordCount: 1),
      ],
      diagnostics: [], assumptions: [], rules: [], findings: findings, frameworks: [],
      systems: [], waivers: [], history: [])
  }

  var payload: [UInt8] {
    let report = report
    return RunStatement(
      report: report, verdict: report.verdict(),
      subjects: files.map { .init(name: $0.key, sha256: SHA256Digest.hex(of: $0.value)) },
      previous: previous
    ).payload
  }

  /// The digests of the files as they lie on disk.
  var digests: [String: String] { files.mapValues { SHA256Digest.hex(of: $0) } }
}
