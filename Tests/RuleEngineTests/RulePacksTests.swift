import AuditModel
import Foundation
import GRDBSQLite
import MeshModel
import Testing

@testable import RuleEngine

/// The packs of this repository: they load whole, and their SQL says what their metadata says.
@Suite struct RulePacksTests {
  static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let catalog: RuleCatalog = {
    let folder = root.appendingPathComponent("rules")
    let prefix = folder.path + "/"
    let urls = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    let files = (urls?.allObjects as? [URL] ?? []).compactMap { url -> EmbeddedFile? in
      guard let data = try? Data(contentsOf: url) else { return nil }
      let path = url.resolvingSymlinksInPath().path
      return EmbeddedFile(path: String(path.dropFirst(prefix.count)), bytes: Array(data))
    }
    return RulePackLoader.load(files: files)
  }()

  /// Views with their columns, read out of the files that define them.
  static let views: [String: Set<String>] = {
    let folder = root.appendingPathComponent("Sources/AuditStore/Views")
    var views: [String: Set<String>] = [:]
    let urls = try? FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    for url in urls ?? [] {
      guard let text = try? String(contentsOf: url, encoding: .utf8),
        let name = text.firstMatch(of: /name: "(\w+)"/)
      else { continue }
      views[String(name.1)] = Set(
        text.matches(of: /Column\(\s*"(\w+)"/).map { String($0.1) })
    }
    return views
  }()

  /// A database whose views have the documented shape and no rows.
  private func runner() throws -> (RuleRunner, remove: () -> Void) {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("views-\(UUID().uuidString).sqlite").path
    var connection: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    #expect(sqlite3_open_v2(path, &connection, flags, nil) == SQLITE_OK)
    for (name, columns) in Self.views {
      let list = columns.sorted().map { "null as \"\($0)\"" }.joined(separator: ", ")
      let sql = "create view \"\(name)\" as select \(list) where 0"
      #expect(sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK, "\(sql)")
    }
    sqlite3_close_v2(connection)
    return (
      try RuleRunner(databasePath: path, views: Self.views),
      { try? FileManager.default.removeItem(atPath: path) }
    )
  }

  @Test func everythingLoads() {
    #expect(Self.catalog.diagnostics.map(\.description) == [])
    #expect(Self.catalog.rules.count >= 35)
    #expect(Self.catalog.frameworks.count >= 5)
    #expect(Self.catalog.packs.count == 4)
  }

  @Test func everyRuleCompilesAndReadsWhatItSays() throws {
    let (runner, remove) = try runner()
    defer { remove() }
    for rule in Self.catalog.rules {
      let statement = try runner.inspect(rule.sql)
      // `count(*)` names no view, so what was seen may be less, never more.
      #expect(Set(statement.viewsRead).isSubset(of: rule.reads), "\(rule.id)")
      let own = Set(rule.parameters.map(\.name))
      let bound = Set(BoundValue.allCases.map(\.rawValue))
      #expect(
        Set(statement.parameters).subtracting(bound) == own, "\(rule.id) has an unused parameter")
      #expect(
        statement.parameters.contains(BoundValue.verdicts.rawValue)
          == (Self.catalog.inherited[rule.id] != nil), "\(rule.id)")
      for column in RuleRow.requiredColumns {
        #expect(statement.columns.contains(column), "\(rule.id)")
      }
      #expect(Set(rule.reads).isSubset(of: Self.views.keys), "\(rule.id)")
    }
  }

  @Test func everyRuleRunsOnAnEmptyAudit() throws {
    let (runner, remove) = try runner()
    defer { remove() }
    let findings = try RuleEvaluation.evaluate(
      Self.catalog, availableNeeds: Set(InputNeed.allCases), runner: runner,
      settings: .init(asOf: asOf), hash: testHash)
    let errors = findings.filter { $0.status == .error }.map { "\($0.ruleID) \($0.message)" }
    #expect(errors == [])
  }

  /// Words that STYLE.md keeps out: the tool never says that somebody complies.
  @Test func nobodyIsCalledCompliant() {
    for rule in Self.catalog.rules {
      let text = [rule.title, rule.question, rule.why, rule.remediation, rule.sql].joined()
      for word in ["compliant", "complies", "violat"] {
        #expect(!text.lowercased().contains(word), "\(rule.id) says \(word)")
      }
    }
  }

  @Test func everyControlCitesItsFrameworkAndEveryRuleASource() {
    for framework in Self.catalog.frameworks {
      #expect(framework.source.hasPrefix("https://"), "\(framework.id)")
      #expect(!framework.controls.isEmpty)
    }
    for rule in Self.catalog.rules {
      #expect(!rule.references.isEmpty, "\(rule.id)")
    }
  }

  @Test func provisionsOfTheActSayFromWhenTheyApply() {
    let act = Self.catalog.frameworks.first { $0.id == "eu-ai-act" }
    #expect(act?.controls.allSatisfy { !$0.appliesFrom.isEmpty && $0.source != nil } == true)
  }
}
