package import AuditModel
import GRDB
package import MeshModel

extension AuditStore {
  /// Writes the results of a run and its report, in one transaction; the run stays open.
  ///
  /// - Parameter snapshot: the report as bytes in parts, for `meshaudit report`.
  package func addResults(
    _ run: RunID, report: AuditReport, snapshot: some StoredReport
  ) throws(StoreError) {
    try write { connection in
      let locations = try LocationWriter(connection, runID: run.value)
      try ResultWriter.write(report, connection, runID: run.value, locations: locations)
      try connection.execute(
        sql: "update runs set report = ? where run_id = ?",
        arguments: [ResultWriter.blob(try snapshot.part(0)), run.value])
      let parts = try RowWriter(
        connection, table: "report_parts", columns: ["run_id", "position", "contents"])
      for position in 1..<max(snapshot.partCount, 1) {
        try parts.insert([run.value, position, ResultWriter.blob(try snapshot.part(position))])
      }
    }
  }

  /// Closes a run whose results are written, and lets go of the configuration of the runs before it; all in
  /// one transaction.
  ///
  /// - Parameter keptReports: how many earlier reports stay readable.
  package func finish(
    _ run: RunID, report: AuditReport, verdict: Verdict, keptReports: Int = 30
  ) throws(StoreError) {
    try write { connection in
      try ResultWriter.writeLives(report, connection, runID: run.value)
      try connection.execute(
        sql: "update runs set finished_at = ?, outcome = ?, exit_code = ? where run_id = ?",
        arguments: [
          report.run.finishedAt.text, verdict.outcome.rawValue, Int(verdict.exitCode), run.value,
        ])
      for table in AuditStore.runTables {
        try connection.execute(
          sql: "delete from \"\(table)\" where run_id <> ?", arguments: [run.value])
      }
      try connection.execute(
        sql: """
          update runs set report = null
          where run_id not in (select run_id from runs order by sequence desc limit ?)
          """, arguments: [max(keptReports, 1)])
      try connection.execute(
        sql: """
          delete from report_parts
          where run_id not in (select run_id from runs where report is not null)
          """)
    }
  }

  /// When each failure first showed, by fingerprint; failures that were resolved since are left out.
  package func firstSeen() throws(StoreError) -> [String: UTCTime] {
    try read { connection in
      var result: [String: UTCTime] = [:]
      let rows = try Row.fetchCursor(
        connection,
        sql: "select fingerprint, first_seen from finding_lives where resolved_at is null")
      while let row = try rows.next() {
        if let time = UTCTime(row["first_seen"] as String) { result[row["fingerprint"]] = time }
      }
      return result
    }
  }

  /// Finished runs, oldest first, at most `limit` of the newest.
  package func history(limit: Int) throws(StoreError) -> [AuditReport.HistoryLine] {
    try read { connection in
      let rows = try Row.fetchAll(
        connection,
        sql: """
          select run_id, run_key, as_of, not_assessed_rule_count
          from (
            select run_id, run_key, as_of, sequence,
              coalesce((
                select fail_count from run_counts c
                where c.run_id = r.run_id and c.severity = 'not-assessed-rules'
              ), 0) as not_assessed_rule_count
            from runs r where outcome is not null order by sequence desc limit ?
          )
          order by sequence
          """, arguments: [limit])
      return try rows.map { row in
        let counts = try Row.fetchAll(
          connection, sql: "select severity, fail_count from run_counts where run_id = ?",
          arguments: [row["run_id"] as Int64])
        var failCounts: [Severity: Int] = [:]
        for count in counts {
          if let severity = Severity(rawValue: count["severity"]) {
            failCounts[severity] = count["fail_count"]
          }
        }
        return AuditReport.HistoryLine(
          runID: row["run_key"], asOf: UTCTime(row["as_of"] as String) ?? UTCTime(seconds: 0),
          failCounts: failCounts, notAssessedRuleCount: row["not_assessed_rule_count"])
      }
    }
  }

  /// A finished run, as `meshaudit history` and `meshaudit report` list it.
  package struct RunLine: Sendable {
    package var sequence: Int
    package var key: String
    package var asOf: String
    package var outcome: String
    package var exitCode: Int
    package var failCounts: [Severity: Int]
    package var hasReport: Bool
  }

  package func runs() throws(StoreError) -> [RunLine] {
    try read { connection in
      try Row.fetchAll(
        connection,
        sql: """
          select run_id, sequence, run_key, as_of, outcome, exit_code, report is not null as has_report
          from runs where outcome is not null order by sequence
          """
      ).map { row in
        var failCounts: [Severity: Int] = [:]
        for count in try Row.fetchAll(
          connection, sql: "select severity, fail_count from run_counts where run_id = ?",
          arguments: [row["run_id"] as Int64])
        {
          if let severity = Severity(rawValue: count["severity"]) {
            failCounts[severity] = count["fail_count"]
          }
        }
        return RunLine(
          sequence: row["sequence"], key: row["run_key"], asOf: row["as_of"],
          outcome: row["outcome"], exitCode: row["exit_code"], failCounts: failCounts,
          hasReport: row["has_report"])
      }
    }
  }

  /// The parts of the report of a finished run, by its sequence number, or of the latest one.
  package func snapshot(sequence: Int?) throws(StoreError) -> [[UInt8]]? {
    try read { connection in
      let row = try Row.fetchOne(
        connection,
        sql: """
          select run_id, report from runs
          where outcome is not null and report is not null and sequence = coalesce(?, sequence)
          order by sequence desc limit 1
          """, arguments: [sequence])
      guard let row, let first: DataBlob = row["report"] else { return nil }
      let runID: Int64 = row["run_id"]
      let others = try DataBlob.fetchAll(
        connection, sql: "select contents from report_parts where run_id = ? order by position",
        arguments: [runID])
      return [first.bytes] + others.map(\.bytes)
    }
  }
}

/// Writes findings, rules, controls, waivers and the lives of findings.
enum ResultWriter {
  static func write(
    _ report: AuditReport, _ connection: Database, runID: Int64, locations: LocationWriter
  ) throws {
    try writeRules(report, connection, runID: runID)
    let findings = try RowWriter(
      connection, table: "findings",
      columns: [
        "run_id", "rule_id", "subject", "discriminator", "status", "severity", "message",
        "fingerprint", "waiver_id", "first_seen", "is_new", "evidence", "location_id",
      ])
    for finding in report.findings {
      try findings.insert([
        runID, finding.ruleID, finding.subject, finding.discriminator, finding.status.rawValue,
        finding.severity.rawValue, finding.message, finding.fingerprint, finding.waiverID,
        finding.firstSeen?.text, finding.isNew, finding.evidence.canonicalText,
        try locations.id(finding.location),
      ])
    }
    let waivers = try RowWriter(
      connection, table: "waivers",
      columns: [
        "run_id", "waiver_id", "rules", "subject", "owner", "created", "expires", "location_id",
      ])
    for waiver in report.waivers {
      try waivers.insert([
        runID, waiver.id, JSONText.array(waiver.rules), waiver.subject, waiver.owner,
        waiver.created.dayText, waiver.expires.dayText, try locations.id(waiver.location),
      ])
    }
    let counts = try RowWriter(
      connection, table: "run_counts", columns: ["run_id", "severity", "fail_count"])
    for severity in Severity.allCases {
      try counts.insert([runID, severity.rawValue, report.failCounts[severity] ?? 0])
    }
    let open = Set(
      report.findings.lazy.filter { $0.status == .notAssessed || $0.status == .error }
        .map(\.ruleID))
    try counts.insert([runID, "not-assessed-rules", open.count])
  }

  private static func writeRules(_ report: AuditReport, _ connection: Database, runID: Int64) throws
  {
    let rules = try RowWriter(
      connection, table: "rules",
      columns: ["run_id", "rule_id", "pack", "title", "severity", "confidence"])
    for rule in report.rules {
      try rules.insert([
        runID, rule.id, rule.pack, rule.title, rule.severity.rawValue, rule.confidence.rawValue,
      ])
    }
    let controls = try RowWriter(
      connection, table: "controls",
      columns: [
        "run_id", "framework_id", "control_id", "label", "title", "rule_id", "effects",
      ])
    for framework in report.frameworks {
      for control in framework.controls {
        for mapping in control.mappings {
          try controls.insert([
            runID, framework.id, control.id, control.label, control.title, mapping.ruleID,
            JSONText.array(mapping.effects.map(\.rawValue)),
          ])
        }
      }
    }
  }

  /// A failure that is gone is resolved only when its rule was run and assessed: a changed scope never
  /// looks like an improvement.
  static func writeLives(_ report: AuditReport, _ connection: Database, runID: Int64) throws {
    let asOf = report.run.asOf.text
    let upsert = try connection.cachedStatement(
      sql: """
        insert into finding_lives (fingerprint, rule_id, subject, first_seen, last_seen)
        values (?, ?, ?, ?, ?)
        on conflict (fingerprint) do update
        set last_seen = excluded.last_seen,
          first_seen = case when resolved_at is null then first_seen else excluded.first_seen end,
          resolved_at = null
        """)
    for finding in report.findings where finding.status == .fail || finding.status == .waived {
      try upsert.execute(arguments: [
        finding.fingerprint, finding.ruleID, finding.subject, asOf, asOf,
      ])
    }
    try connection.execute(
      sql: """
        update finding_lives
        set resolved_at = :as_of
        where resolved_at is null
          and fingerprint not in (
            select fingerprint from findings
            where run_id = :run_id and status in ('fail', 'waived'))
          and rule_id in (select rule_id from rules where run_id = :run_id)
          and rule_id not in (
            select rule_id from findings
            where run_id = :run_id and status in ('not-assessed', 'error'))
        """, arguments: ["as_of": asOf, "run_id": runID])
  }

  static func blob(_ bytes: [UInt8]) -> DataBlob { DataBlob(bytes: bytes) }
}
