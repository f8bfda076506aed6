import AuditModel
import MeshModel

@testable import RuleEngine

/// A tree of rules for tests, as text by path.
func files(_ texts: [String: String]) -> [EmbeddedFile] {
  texts.map { EmbeddedFile(path: $0.key, bytes: Array($0.value.utf8)) }.sorted { $0.path < $1.path }
}

/// A stand-in for SHA-256: FNV-1a, written four times to be long enough.
func testHash(_ bytes: [UInt8]) -> String {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
  let digits = String(hash, radix: 16)
  let padded = String(repeating: "0", count: 16 - digits.count) + digits
  return String(repeating: padded, count: 4)
}

enum TestRule {
  static let yaml = """
    id: LP-900
    name: test-rule
    title: A workload should be tested
    question: Is it?
    why: Because.
    remediation: Test it.
    severity: medium
    confidence: high
    reads: [workload]
    needs: [manifests]
    parameters:
    - {name: wanted, type: text, default: planner, doc: Name that fails.}
    since: "1.0"
    """

  static let sql = """
    select
      'workload ' || namespace || '/' || name as subject,
      case when name = :wanted then 'fail' else 'pass' end as status,
      'workload "' || name || '"' as message,
      location_id,
      json_object('workload', namespace || '/' || name) as evidence
    from workload
    order by name
    """

  static let tree = [
    "least-privilege/pack.yaml": "title: Least privilege\ndescription: Only what is needed.",
    "least-privilege/LP-900-test-rule/rule.yaml": yaml,
    "least-privilege/LP-900-test-rule/check.sql": sql,
    "least-privilege/LP-900-test-rule/examples/fail-planner.yaml":
      "kind: Deployment\nname: planner  # expect: LP-900\n",
    "least-privilege/LP-900-test-rule/examples/pass-browser.yaml": "kind: Deployment\n",
    "frameworks/eu-ai-act.yaml": """
    id: eu-ai-act
    title: Artificial Intelligence Act
    edition: "2026"
    source: https://eur-lex.europa.eu
    controls:
    - id: art-15-5
      label: Article 15(5)
      title: Cybersecurity
      roles: [provider]
      appliesFrom: [{route: annex-iii, from: 2027-12-02}]
      rules: [{id: LP-900, effects: [supports, contradicts]}]
    """,
  ]

  static func with(_ changes: [String: String?]) -> RuleCatalog {
    var texts = tree
    for (path, text) in changes { texts[path] = text }
    return RulePackLoader.load(files: files(texts))
  }

  static var catalog: RuleCatalog { with([:]) }

  static let folder = "least-privilege/LP-900-test-rule"
}

let asOf = UTCTime(seconds: 1_795_154_400)  // 2026-11-20T06:00:00Z

func finding(
  _ subject: String, _ status: FindingStatus = .fail, rule: String = "LP-900",
  severity: Severity = .medium, location: SourceLocation? = nil
) -> Finding {
  Finding(
    ruleID: rule, subject: subject, status: status, severity: severity, message: "m",
    location: location,
    fingerprint: Fingerprint.of(
      ruleID: rule, subject: subject, discriminator: "", hash: testHash))
}
