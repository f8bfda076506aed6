import AuditModel
import MeshModel
import Testing

@testable import RegisterReader

@Suite struct RunConfigurationReaderTests {
  @Test func everyOptionIsRead() throws {
    let reading = try Reading(
      """
      meshaudit: 1
      paths: [mesh, logs/*.gz]
      as-of: 2026-11-24T00:00:00Z
      fail-on: medium
      packs: [least-privilege]
      skip-rules: [LP-001]
      rules:
        LP-006: {severity: low, max_identities: 5}
        LP-007: {}
      rules-directory: house-rules
      output: out
      database: audit.db
      formats: [html, junit]
      cluster: eu-1
      istio-version: "1.27"
      linkerd-version: 2.18.1
      log-format: "[%START_TIME%]"
      minimum-coverage: 0.95
      junit-dialect: strict
      baseline: base.json
      waivers: waivers.yaml
      register: register.yaml
      addresses: pseudonym
      address-key: address.key
      signing-key: key.pem
      keep: {runs: 90, traffic-days: 400}
      exit-zero: false
      quiet: true
      progress: never
      """)
    #expect(RunConfigurationReader.recognises(reading.node))
    #expect(!WaiverReader.recognises(reading.node))
    #expect(!RegisterReader.recognises(reading.node))
    let configuration = RunConfigurationReader.read(reading.node, into: reading.sink)
    #expect(reading.codes == [])
    #expect(configuration.paths.map(\.value) == ["mesh", "logs/*.gz"])
    #expect(configuration.asOf?.dayText == "2026-11-24")
    #expect(configuration.failOn == .severity(.medium))
    #expect(configuration.skipRules.map(\.value) == ["LP-001"])
    let settings = try #require(configuration.rules["LP-006"])
    #expect(settings.severity == .low)
    #expect(settings.parameters.map(\.name) == ["max_identities"])
    #expect(settings.parameters.map(\.value) == [.int(5)])
    #expect(settings.parameters[0].location.line == 8)
    #expect(configuration.rules["LP-007"]?.parameters.isEmpty == true)
    #expect(configuration.linkerdVersion?.value == "2.18.1")
    #expect(configuration.minimumCoverage == 0.95)
    #expect(configuration.addresses == .pseudonym)
    #expect(configuration.addressKey?.value == "address.key")
    #expect(configuration.junitDialect == .strict)
    #expect(configuration.waivers.map(\.value) == ["waivers.yaml"])
    #expect(configuration.keep == .init(runs: 90, trafficDays: 400))
    #expect(configuration.exitZero == false)
    #expect(configuration.quiet == true)
    #expect(configuration.progress == .never)
  }

  @Test func anEmptyConfigurationSetsNothing() throws {
    let reading = try Reading("meshaudit: 1")
    let configuration = RunConfigurationReader.read(reading.node, into: reading.sink)
    #expect(reading.codes == [])
    #expect(configuration.failOn == nil)
    #expect(configuration.paths.isEmpty)
    #expect(configuration.minimumCoverage == nil)
  }

  static let defects: [(String, String)] = [
    ("fail_on: high", "2:1 unknown-field"), ("fail-on: hihg", "2:10 unknown-value"),
    ("fail-on: [high]", "2:10 wrong-type"), ("minimum-coverage: 95", "2:19 out-of-range"),
    ("minimum-coverage: most", "2:19 wrong-type"), ("as-of: yesterday", "2:8 wrong-type"),
    ("istio-version: 1.20", "2:16 wrong-type"), ("istio-version: \"v1\"", "2:16 unknown-value"),
    ("junit-dialect: loose", "2:16 unknown-value"), ("skip-rules: [LP]", "2:14 invalid-rule-id"),
    ("rules: {least-privilege: {}}", "2:9 invalid-rule-id"),
    ("rules: {LP-001: {severity: urgent}}", "2:28 unknown-value"),
    ("rules: {LP-001: 5}", "2:17 wrong-type"), ("formats: [html, html]", "2:17 duplicate-value"),
    ("keep: {runs: 0}", "2:14 out-of-range"), ("keep: {run: 1}", "2:8 unknown-field"),
    ("meshaudit2: 1", "2:1 unknown-field"), ("output: \"\"", "2:9 missing-field"),
    ("signing-key: \"-----BEGIN PRIVATE KEY-----\"", "2:14 secret-in-configuration"),
    ("address-key: \"a\\nb\"", "2:14 secret-in-configuration"),
    ("addresses: hash", "2:12 unknown-value"),
    ("exit-zero: perhaps", "2:12 wrong-type"),
  ]

  @Test(arguments: defects)
  func aDefectIsReportedAtItsPlace(line: String, expected: String) throws {
    let reading = try Reading("meshaudit: 1\n\(line)")
    _ = RunConfigurationReader.read(reading.node, into: reading.sink)
    #expect(reading.codes == [expected])
    #expect(!reading.sink.diagnostics.contains { $0.description.contains("BEGIN") })
  }

  @Test func noneSwitchesTheGateOff() throws {
    let reading = try Reading("meshaudit: 1\nfail-on: none")
    #expect(
      RunConfigurationReader.read(reading.node, into: reading.sink).failOn
        == RunConfiguration.Gate.none)
  }
}
