// swift-format-ignore-file: NeverForceUnwrap

import AuditModel
import MeshModel

/// A run that never happened: every status, every severity, and names that attack each format.
enum SyntheticReport {
  static let now = UTCTime("2026-11-24T05:00:00Z")!

  static let hostileSubjects = [
    "workload evil/<script>alert(1)</script>",
    "workload evil/\u{202E}gnitar\u{2066}x",
    "workload evil/nul\u{0}bell\u{7}esc\u{1B}]0;title\u{7}",
    "\"\u{301} onmouseover=alert(1) x=\"",
    "\u{338}]]> & ' ` --> </style></title> \u{FFFE}",
    "=HYPERLINK(\"https://evil.example\",\"click\")",
    "@team | **bold** [x](javascript:alert(1)) www.evil.example",
  ]

  static var report: AuditReport {
    var report = AuditReport(
      run: .init(
        id: "run-7f3a9c21d4", sequence: 12, toolVersion: "0.1.0", asOf: now,
        startedAt: now.adding(days: 1), finishedAt: now.adding(days: 1),
        rulesDigest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        arguments: ["meshaudit", "audit", "mesh/", "logs/", "--as-of", "2026-11-24T05:00:00Z"],
        failOn: .high, cluster: "eu-1"),
      scope: scope, inputs: inputs, diagnostics: diagnostics,
      assumptions: ["the Istio version is 1.27, the newest that the tool knows"], rules: rules,
      findings: findings.sorted(by: Finding.isBefore), frameworks: frameworks, systems: systems,
      waivers: waivers, history: history, use: use)
    report.traffic = traffic
    report.meshes = meshes
    return report
  }

  private static var meshes: MeshComparison {
    MeshComparison(figures: [
      .init(mesh: "none", measure: .workloads, count: 1, total: nil),
      .init(mesh: "linkerd", measure: .workloads, count: 5, total: nil),
      .init(mesh: "istio", measure: .workloads, count: 1_214, total: nil),
      .init(mesh: "istio", measure: .mutualTLSPorts, count: 1_199, total: 1_400),
      .init(mesh: "linkerd", measure: .mutualTLSPorts, count: 0, total: 7),
      .init(mesh: "linkerd", measure: .refusedRequests, count: 43, total: 1_405),
    ])
  }

  private static var use: AccessUse {
    var agreed = AccessUse.RefusalLine(
      workload: "agents/planner", deniedBy: "ns[agents]-policy[no-deletes]-rule[0]", lastSeen: now)
    agreed.agreedCount = 41
    agreed.otherRuleCount = 2
    var open = AccessUse.RefusalLine(workload: "tools/browser", deniedBy: nil, lastSeen: now)
    open.allowedCount = 1
    open.undecidedCount = 7
    return AccessUse(
      workloads: [
        .init(
          workload: "agents/planner", grantedCount: 8, usedCount: 3, requestCount: 886,
          decidedCount: 886, dayCount: 7, firstSeen: now.adding(days: -7), lastSeen: now),
        .init(
          workload: "models/embedding", grantedCount: 4, usedCount: 1, requestCount: 90,
          decidedCount: 81, dayCount: 6, firstSeen: now.adding(days: -7), lastSeen: now),
        .init(
          workload: "tools/browser", grantedCount: 2, usedCount: 0, requestCount: 429,
          decidedCount: 0, dayCount: 7, firstSeen: now.adding(days: -7), lastSeen: now),
      ], refusals: [agreed, open], refusalsSince: now.adding(days: -14))
  }

  /// The same run with nothing wrong.
  static var clean: AuditReport {
    var report = report
    report.inputs = report.inputs.filter { $0.status == .read }
    report.findings = report.findings.filter { $0.status == .pass }
    report.waivers = []
    report.diagnostics = []
    report.history = []
    return report
  }

  static var empty: AuditReport {
    var report = clean
    report.scope = .init(
      namespaces: [], workloadCount: 0, identityCount: 0, policyCount: 0, certificateCount: 0,
      observedRequestCount: 0, verifiedRequestCount: 0, trafficFirst: nil, trafficLast: nil,
      edgeCounts: [:])
    report.inputs = []
    report.assumptions = []
    report.rules = []
    report.findings = []
    report.frameworks = []
    report.systems = []
    report.traffic = nil
    return report
  }

  // MARK: Parts

  private static let traffic = TrafficOverview(
    evidence: [
      .init(
        evidence: "log", requestCount: 1_284_332, verifiedCount: 1_271_004,
        firstSeen: UTCTime(seconds: 1_795_000_000), lastSeen: UTCTime(seconds: 1_795_600_000)),
      .init(
        evidence: "counter", requestCount: 1_290_010, verifiedCount: 1_290_010,
        firstSeen: UTCTime(seconds: 1_795_000_000), lastSeen: UTCTime(seconds: 1_795_600_000)),
    ],
    coverage: [
      .init(
        workload: "agents/planner", firstSeen: UTCTime("2026-11-17T00:00:04Z"),
        lastSeen: UTCTime("2026-11-23T23:59:58Z"), hourCount: 160, spanHourCount: 168,
        longestGapHours: 5),
      .init(
        workload: "tools/<script>", firstSeen: nil, lastSeen: nil, hourCount: 0,
        spanHourCount: 0, longestGapHours: 0),
    ],
    chains: [
      .init(
        hops: ["agents/planner", "tools/browser\"><img>", "data/ledger"], callCount: 412,
        lastSeen: UTCTime(seconds: 1_795_600_000))
    ], chainCount: 27)

  private static let scope = AuditReport.Scope(
    namespaces: [
      .init(name: "agents", workloadCount: 6, meshedCount: 6, observedCount: 5, grantCount: 14),
      .init(name: "models", workloadCount: 4, meshedCount: 3, observedCount: 3, grantCount: 9),
      .init(name: "tools", workloadCount: 5, meshedCount: 5, observedCount: 5, grantCount: 11),
    ], workloadCount: 15, identityCount: 13, policyCount: 27, certificateCount: 18,
    observedRequestCount: 1_284_332, verifiedRequestCount: 1_271_004,
    trafficFirst: UTCTime("2026-11-17T00:00:04Z"), trafficLast: UTCTime("2026-11-23T23:59:58Z"),
    edgeCounts: [.allow: 34, .partial: 21, .deny: 138, .delegate: 1, .unknown: 2])

  private static let inputs = [
    InputRecord(
      path: "logs/agents.log.gz", kind: "access-log:istio-text", status: .partial,
      reason: "the file ends inside a gzip member", sha256: String(repeating: "1b", count: 32),
      byteCount: 48_211_337, recordCount: 1_284_332, rejectedCount: 3,
      firstTime: UTCTime("2026-11-17T00:00:04Z"), lastTime: UTCTime("2026-11-23T23:59:58Z")),
    InputRecord(
      path: "mesh/agents.yaml", kind: "manifest", status: .read,
      sha256: String(repeating: "2c", count: 32), byteCount: 18_204, recordCount: 41),
    InputRecord(
      path: "mesh/certificates.pem", kind: "certificate", status: .read,
      sha256: String(repeating: "3d", count: 32), byteCount: 20_511, recordCount: 18),
    InputRecord(
      path: "mesh/photo<1>.png", kind: "unknown", status: .unrecognised,
      reason: "not text, and no certificate", sha256: String(repeating: "4e", count: 32),
      byteCount: 91_002),
    InputRecord(
      path: "mesh/secret.yaml", kind: "unknown", status: .failed, reason: "permission denied"),
    InputRecord(
      path: "register.yaml", kind: "register", status: .read,
      sha256: String(repeating: "5f", count: 32), byteCount: 4_100, recordCount: 2),
  ]

  private static let diagnostics = [
    Diagnostic(
      code: "unknown-field", severity: .error,
      message: "unknown field \"form\" in AuthorizationPolicy \"agents/planner\"",
      location: SourceLocation(path: "mesh/agents.yaml", line: 41, column: 9),
      hint: "did you mean \"from\"?"),
    Diagnostic(
      code: "log-line", severity: .warning, message: "line \"\u{1B}[31m<b>\" is in no known format",
      location: SourceLocation(path: "logs/agents.log.gz", line: 7_001, column: 1)),
    Diagnostic(code: "not-recognised", severity: .note, message: "1 file was not recognised"),
  ]

  private static func rule(
    _ id: String, _ name: String, pack: String, _ severity: Severity, title: String,
    question: String, why: String, remediation: String, needs: [InputNeed] = [.manifests],
    parameters: [Rule.Parameter] = []
  ) -> Rule {
    Rule(
      id: id, name: name, pack: pack, title: title, question: question, why: why,
      remediation: remediation, severity: severity, confidence: .high,
      reads: ["workload", "grant"], needs: needs, parameters: parameters,
      references: [
        .init(
          title: "Istio › Security › Authorization Policy",
          url: "https://istio.io/latest/docs/reference/config/security/authorization-policy/"),
        .init(title: "not a link", url: "javascript:alert(1)"),
      ], since: "0.1.0", aliases: [],
      sql: """
        with governed as (
          select workload_id from grant
        )
        select 'workload ' || w.namespace || '/' || w.name as subject,
          iif(g.workload_id is null, 'fail', 'pass') as status
        from workload w left join governed g using (workload_id)
        where w.count < :limit & 1
        order by subject
        """,
      location: SourceLocation(path: "rules/\(pack)/\(id)-\(name)/rule.yaml", line: 1, column: 1))
  }

  private static let rules = [
    rule(
      "AI-014", "no-access-records", pack: "ai-act", .high,
      title: "A high-risk AI system should leave access records",
      question: "Does every workload of a high-risk AI system write an access log?",
      why: "Without records nobody can reconstruct what the system did.",
      remediation: "Enable access logging for the workload with a Telemetry resource.",
      needs: [.manifests, .register]),
    rule(
      "AI-018", "short-retention", pack: "ai-act", .high,
      title: "Logs of a high-risk AI system should be kept for six months",
      question: "Is the declared retention at least six months?",
      why: "Logs are to be kept for at least six months.",
      remediation: "Raise the retention or name the law that shortens it.", needs: [.register]),
    rule(
      "IC-001", "expired-certificate", pack: "identity-certificates", .critical,
      title: "Certificates should be valid at the time of the audit",
      question: "Is any certificate expired or not yet valid?",
      why: "An expired identity stops traffic or, worse, is accepted out of habit.",
      remediation: "Renew the certificate and find out why renewal did not happen.",
      needs: [.certificates]),
    rule(
      "LP-001", "ungoverned-port", pack: "least-privilege", .high,
      title: "Every inbound port should be governed by a policy",
      question: "Is there an inbound port that any caller may reach because no policy selects it?",
      why: "A port without a policy accepts every caller that can open a connection to it.",
      remediation: "Select the workload with an ALLOW policy that names its callers.",
      parameters: [
        .init(
          name: "limit", defaultValue: 3, documentation: "Ports up to which a finding is left out.")
      ]),
    rule(
      "LP-006", "wide-principal", pack: "least-privilege", .medium,
      title: "A principal pattern should cover few identities",
      question: "Does a pattern cover more identities than use it?",
      why: "Every identity that a pattern covers and nobody needs is a way in.",
      remediation: "Name the principals."),
    rule(
      "LP-013", "orphan-policy", pack: "least-privilege", .low,
      title: "Every policy should select a workload",
      question: "Is there a policy whose selector matches nothing?",
      why: "A policy that selects nothing protects nothing.", remediation: "Delete or repair it."),
    rule(
      "LP-033", "unused-grant", pack: "least-privilege", .medium,
      title: "A grant should be used",
      question: "Is there a grant that no request used in the window?",
      why: "What is not used can be taken away at no cost.",
      remediation: "Remove the grant, or declare its cadence.", needs: [.manifests, .accessLogs]),
    rule(
      "RK-009", "no-tracing", pack: "record-keeping", .info, title: "Tracing should be on",
      question: "Is tracing on?", why: "Traces tell which request caused which.",
      remediation: "Turn it on."),
    rule(
      "RK-020", "error-rate", pack: "record-keeping", .low, title: "Errors should be rare",
      question: "Are errors rare?", why: "Errors hide denials.", remediation: "Look at them.",
      needs: [.metrics]),
  ]

  private static func finding(
    _ rule: String, _ subject: String, _ status: FindingStatus, _ severity: Severity,
    _ message: String, line: Int? = nil, evidence: JSONValue = .object([]),
    discriminator: String = "", waiver: String? = nil, systems: [String] = [], isNew: Bool? = nil
  ) -> Finding {
    let number = subject.utf8.reduce(UInt32(5381)) { $0 &* 33 &+ UInt32($1) }
    let extra = discriminator.utf8.reduce(UInt32(7)) { $0 &* 31 &+ UInt32($1) }
    return Finding(
      ruleID: rule, subject: subject, discriminator: discriminator, status: status,
      severity: severity, message: message,
      location: line.map {
        SourceLocation(path: "mesh/agents.yaml", line: $0, column: $0 == 0 ? 0 : 9)
      }, evidence: evidence,
      fingerprint:
        "fp1:\(rule.lowercased())\(String(number, radix: 16))\(String(extra, radix: 16))",
      waiverID: waiver, systemIDs: systems,
      firstSeen: status == .fail ? UTCTime("2026-10-02T05:00:00Z") : nil, isNew: isNew)
  }

  private static var findings: [Finding] {
    var findings = [
      finding(
        "IC-001", "certificate sha256:77ab…01", .fail, .critical,
        "certificate of \"spiffe://prod.example/ns/agents/sa/planner\" expired 3 days ago",
        line: 0,
        evidence: [
          "not_after": "2026-11-21T04:11:00Z", "serial": "0a1b", "is_ca": false,
          "names": ["spiffe://prod.example/ns/agents/sa/planner", "planner.agents.svc"],
        ], systems: ["ai-017"], isNew: true),
      finding(
        "LP-001", "workload agents/planner", .fail, .high,
        "port 8080 of \"agents/planner\" accepts every caller: no policy selects it", line: 12,
        evidence: [
          "port": 8080, "protocol": "http",
          "observed_callers": [
            ["source": "ns/agents/sa/orchestrator", "requests": 120_331, "last_day": "2026-11-23"],
            ["source": "ns/default/sa/default", "requests": 14, "last_day": "2026-11-19"],
          ],
        ], discriminator: "port 8080", systems: ["ai-017"], isNew: true),
      finding(
        "LP-001", "workload models/server", .fail, .high,
        "port 9000 of \"models/server\" accepts every caller: no policy selects it", line: 88,
        evidence: ["port": 9000], discriminator: "port 9000", isNew: false),
      finding("LP-001", "workload tools/browser", .pass, .high, "a policy selects it", line: 130),
      finding(
        "LP-006", "policy agents/vector-db", .waived, .medium,
        "principal \"*/sa/*\" covers 13 identities", line: 204,
        evidence: ["pattern": "*/sa/*", "covers": 13], waiver: "WV-2026-012"),
      finding(
        "LP-013", "policy tools/left-over", .fail, .low,
        "policy \"tools/left-over\" selects no workload", line: 260, isNew: false),
      finding(
        "LP-033", "(rule)", .notAssessed, .medium,
        "the observation window is 7 days; the rule needs 30"),
      finding("RK-009", "mesh eu-1", .fail, .info, "tracing is off", isNew: false),
      finding("RK-020", "(rule)", .error, .low, "no such column: errors"),
      finding(
        "AI-014", "workload agents/planner", .pass, .high, "access logging is on",
        systems: ["ai-017"]),
      finding(
        "AI-018", "system ai-017", .notApplicable, .high, "the provider keeps the logs",
        systems: ["ai-017"]),
    ]
    for (index, subject) in hostileSubjects.enumerated() {
      findings.append(
        finding(
          "LP-006", subject, .fail, .medium, "principal of \"\(subject)\" is wide",
          line: 300 + index, evidence: ["name": .string(subject), "<b>": .string("</td>")],
          isNew: false))
    }
    return findings
  }

  private static let frameworks = [
    Framework(
      id: "nist-800-53", title: "NIST SP 800-53", edition: "Rev. 5",
      source: "https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final",
      controls: [
        Control(
          id: "ac-3", label: "AC-3", title: "Access Enforcement",
          mappings: [
            .init(ruleID: "LP-001", effects: [.supports, .contradicts]),
            .init(ruleID: "LP-033", effects: [.contradicts]),
          ]),
        Control(
          id: "ac-6", label: "AC-6", title: "Least Privilege",
          mappings: [.init(ruleID: "LP-006", effects: [.contradicts])]),
        Control(
          id: "au-2", label: "AU-2", title: "Event Logging",
          mappings: [.init(ruleID: "AI-014", effects: [.supports, .contradicts])]),
        Control(
          id: "ca-7", label: "CA-7", title: "Continuous Monitoring",
          mappings: [.init(ruleID: "RK-020", effects: [.supports])]),
      ]),
    Framework(
      id: "ai-act", title: "EU AI Act", edition: "2026, as amended by Regulation (EU) 2026/1744",
      source: "Regulation (EU) 2024/1689",
      controls: [
        Control(
          id: "art-12-1", label: "Article 12(1)", title: "Automatic recording of events",
          roles: ["provider"],
          appliesFrom: [
            .init(route: "annex-iii", from: "2027-12-02"),
            .init(route: "annex-i", from: "2028-08-02"),
          ], mappings: [.init(ruleID: "AI-014", effects: [.supports, .contradicts])]),
        Control(
          id: "art-15-5", label: "Article 15(5)", title: "Resilience against unauthorised parties",
          roles: ["provider"], appliesFrom: [.init(route: "annex-iii", from: "2027-12-02")],
          mappings: [.init(ruleID: "LP-001", effects: [.supports, .contradicts])]),
        Control(
          id: "art-19-1", label: "Article 19(1)", title: "Keeping of logs", roles: ["provider"],
          appliesFrom: [
            .init(route: "", from: "2026-08-02", note: "presupposes classification as high-risk")
          ], mappings: [.init(ruleID: "AI-018", effects: [.documents])]),
      ]),
  ]

  private static let systems = [
    AuditReport.SystemLine(
      id: "ai-017", tradeName: "Credit Scout", riskClass: .high, roles: [.deployer],
      route: "annex-iii", owner: "credit-risk", workloads: ["agents/planner", "agents/retriever"]),
    AuditReport.SystemLine(
      id: "ai-020", tradeName: "Help <Desk>", riskClass: .limited, roles: [.provider, .deployer],
      route: nil, owner: nil, workloads: []),
  ]

  private static let waivers = [
    Waiver(
      id: "WV-2026-012", rules: ["LP-006"], subject: "policy agents/vector-db", fingerprint: nil,
      maxMatches: nil, justification: "Legacy client; migration MESH-412 ends in December.",
      compensating: ["rate limit of 5 requests a second"],
      ticket: "https://tracker.example/MESH-412", owner: "team-agents",
      approvals: [.init(name: "J. Doe", role: "CISO office", at: "2026-10-01")],
      created: UTCTime("2026-10-01")!, expires: UTCTime("2026-12-31")!,
      location: SourceLocation(path: "waivers.yaml", line: 2, column: 3))
  ]

  private static let history = [
    ("2026-11-20", 2, 4, 9, 2, 1, 2), ("2026-11-21", 2, 4, 8, 2, 1, 1),
    ("2026-11-22", 1, 3, 8, 1, 1, 1), ("2026-11-23", 0, 3, 7, 1, 1, 2),
  ].map { day, critical, high, medium, low, info, open in
    AuditReport.HistoryLine(
      runID: "run-\(day)", asOf: UTCTime(day)!,
      failCounts: [.critical: critical, .high: high, .medium: medium, .low: low, .info: info],
      notAssessedRuleCount: open)
  }
}
