package import AuditModel
package import MeshModel

/// What a gate found, whole: every output of `meshaudit gate` is rendered from this one value.
package struct GateReport: Sendable {
  package enum Outcome: String, Sendable, Hashable {
    case passed
    /// A condition of the gate is met.
    case failed
    /// Something could not be assessed; wins over `failed`.
    case incomplete
  }

  /// One condition of the gate.
  package struct Condition: Sendable, Hashable {
    package enum State: String, Sendable, Hashable {
      case clear
      case met
      /// The input that would decide was not given.
      case notAssessed = "not-assessed"
    }

    /// As it was asked for: `breaks-observed`, `new-findings:high`.
    package var name: String
    package var state: State
    /// How many things meet it.
    package var count: Int
    /// One sentence, without full stop.
    package var text: String

    package init(name: String, state: State, count: Int, text: String) {
      self.name = name
      self.state = state
      self.count = count
      self.text = text
    }
  }

  /// A changed line that brings a change of access about.
  package struct Cause: Sendable, Hashable {
    /// added, removed or changed.
    package var action: String
    package var text: String
    /// In the head; nil when nothing of it is left there.
    package var location: SourceLocation?
    /// In the base, for what is removed.
    package var baseLocation: SourceLocation?

    package init(
      action: String, text: String, location: SourceLocation?, baseLocation: SourceLocation?
    ) {
      self.action = action
      self.text = text
      self.location = location
      self.baseLocation = baseLocation
    }
  }

  /// Access that opens, closes, changes or cannot be told, alike for all sources and destinations.
  package struct AccessLine: Sendable, Hashable {
    /// opens, closes, changes or unknown.
    package var kind: String
    package var sources: [String]
    /// `namespace/name:port`.
    package var destinations: [String]
    /// Callers without an identity of the mesh are among the sources.
    package var isUnauthenticated: Bool
    package var before: String
    package var after: String
    /// Operations in words.
    package var opened: [String]
    package var closed: [String]
    package var causes: [Cause]
    /// Whether a condition of the gate is met by it.
    package var isGated: Bool

    package init(
      kind: String, sources: [String], destinations: [String], isUnauthenticated: Bool,
      before: String, after: String, opened: [String], closed: [String], causes: [Cause],
      isGated: Bool
    ) {
      self.kind = kind
      self.sources = sources
      self.destinations = destinations
      self.isUnauthenticated = isUnauthenticated
      self.before = before
      self.after = after
      self.opened = opened
      self.closed = closed
      self.causes = causes
      self.isGated = isGated
    }
  }

  /// Observed requests that the change decides otherwise.
  package struct ReplayLine: Sendable, Hashable {
    /// breaks, opens, unknown or unexplained.
    package var effect: String
    package var source: String
    /// `namespace/name:port`.
    package var destination: String
    /// `POST /v1/plans`.
    package var operation: String
    package var count: Int
    package var firstSeen: UTCTime
    package var lastSeen: UTCTime
    package var before: String
    package var after: String
    package var cause: Cause?
    package var isGated: Bool

    package init(
      effect: String, source: String, destination: String, operation: String, count: Int,
      firstSeen: UTCTime, lastSeen: UTCTime, before: String, after: String, cause: Cause?,
      isGated: Bool
    ) {
      self.effect = effect
      self.source = source
      self.destination = destination
      self.operation = operation
      self.count = count
      self.firstSeen = firstSeen
      self.lastSeen = lastSeen
      self.before = before
      self.after = after
      self.cause = cause
      self.isGated = isGated
    }
  }

  /// A finding beside its counterpart.
  package struct FindingLine: Sendable, Hashable {
    package enum Standing: String, Sendable, Hashable {
      case new
      /// Fails now under a rule that the base could not be assessed with.
      case incomparable
      case resolved
      /// Failed in the base, and its subject is not in sight any more: never taken for resolved.
      case outOfSight = "out-of-sight"
    }

    package var standing: Standing
    package var ruleID: String
    package var title: String
    package var subject: String
    package var severity: Severity
    package var message: String
    package var location: SourceLocation?
    package var fingerprint: String
    package var isGated: Bool

    package init(
      standing: Standing, ruleID: String, title: String, subject: String, severity: Severity,
      message: String, location: SourceLocation?, fingerprint: String, isGated: Bool
    ) {
      self.standing = standing
      self.ruleID = ruleID
      self.title = title
      self.subject = subject
      self.severity = severity
      self.message = message
      self.location = location
      self.fingerprint = fingerprint
      self.isGated = isGated
    }
  }

  /// How much traffic was replayed; nil when none was given.
  package struct Traffic: Sendable, Hashable {
    package var requestCount: Int
    package var dayCount: Int
    package var first: UTCTime?
    package var last: UTCTime?
    /// Requests by effect: breaks, opens, unknown, unexplained, same.
    package var counts: [String: Int]
    /// Not replayed: no manifest describes the destination.
    package var skippedCount: Int

    package init(
      requestCount: Int, dayCount: Int, first: UTCTime?, last: UTCTime?, counts: [String: Int],
      skippedCount: Int
    ) {
      self.requestCount = requestCount
      self.dayCount = dayCount
      self.first = first
      self.last = last
      self.counts = counts
      self.skippedCount = skippedCount
    }
  }

  /// As the user named them.
  package var base: String
  package var head: String
  package var toolVersion: String
  package var asOf: UTCTime
  package var outcome: Outcome
  /// Why it is incomplete, sorted.
  package var gaps: [String]
  package var conditions: [Condition]
  package var access: [AccessLine]
  package var replay: [ReplayLine]
  package var traffic: Traffic?
  /// New, incomparable, resolved, out of sight; most urgent first.
  package var findings: [FindingLine]
  package var unchangedCount: Int
  /// What fails the gate or should be seen, as a report of its own for code scanning.
  package var scan: AuditReport

  package init(
    base: String, head: String, toolVersion: String, asOf: UTCTime, outcome: Outcome,
    gaps: [String], conditions: [Condition], access: [AccessLine], replay: [ReplayLine],
    traffic: Traffic?, findings: [FindingLine], unchangedCount: Int, scan: AuditReport
  ) {
    self.base = base
    self.head = head
    self.toolVersion = toolVersion
    self.asOf = asOf
    self.outcome = outcome
    self.gaps = gaps
    self.conditions = conditions
    self.access = access
    self.replay = replay
    self.traffic = traffic
    self.findings = findings
    self.unchangedCount = unchangedCount
    self.scan = scan
  }

  /// 0 passed, 1 failed, 2 incomplete (`docs/exit-codes.md`).
  package var exitCode: Int32 {
    switch outcome {
    case .passed: 0
    case .failed: 1
    case .incomplete: 2
    }
  }

  /// Lines of access by kind.
  func access(_ kind: String) -> [AccessLine] { access.filter { $0.kind == kind } }

  func replay(_ effect: String) -> [ReplayLine] { replay.filter { $0.effect == effect } }

  func findings(_ standing: FindingLine.Standing) -> [FindingLine] {
    findings.filter { $0.standing == standing }
  }
}
