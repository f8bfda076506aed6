import Foundation
import GRDBSQLite
import Testing

@testable import RuleEngine

/// A database file with documented views over tables, one of them secret.
///
/// Deleted when it goes.
final class ScratchDatabase {
  static let views: [String: Set<String>] = [
    "workload": ["workload_id", "namespace", "name", "labels", "location_id"],
    "location": ["location_id", "path", "line", "column"],
    "ai_system": ["ai_system_id", "risk_class"],
    "ai_system_workload": ["ai_system_id", "workload_id"],
    "policy": ["policy_id", "kind", "namespace", "name"],
    "policy_workload": ["policy_id", "workload_id"],
    "external_service": ["namespace", "name", "export_to"],
    "service": ["namespace", "name", "selector"],
  ]

  let path = FileManager.default.temporaryDirectory
    .appendingPathComponent("rules-\(UUID().uuidString).sqlite").path

  init(_ extra: String = "") throws {
    var connection: OpaquePointer?
    #expect(
      sqlite3_open_v2(path, &connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil) == 0)
    defer { sqlite3_close_v2(connection) }
    let sql =
      """
      create table current_run (run_id integer);
      insert into current_run values (2);
      create table workloads (
        workload_id integer primary key, run_id integer, namespace text, name text, secret text,
        location_id integer);
      insert into workloads values (1, 1, 'old', 'gone', 's', 1), (2, 2, 'agents', 'planner', 's', 1),
        (3, 2, 'tools', 'browser', 's', null);
      create table secrets (value text);
      insert into secrets values ('hidden');
      create table places (location_id integer primary key, path text, line integer, "column" integer);
      insert into places values (1, 'mesh/agents.yaml', 4, 9);
      create table systems (ai_system_id text, risk_class text);
      create table members (ai_system_id text, workload_id integer);
      create view workload as
        select w.workload_id as workload_id, w.namespace as namespace, w.name as name,
          '{}' as labels, w.location_id as location_id
        from workloads w where w.run_id = (select run_id from current_run);
      create view location as select location_id, path, line, "column" from places;
      create view ai_system as select ai_system_id, risk_class from systems;
      create view ai_system_workload as select ai_system_id, workload_id from members;
      create table policies (policy_id integer, kind text, namespace text, name text);
      insert into policies values (1, 'AuthorizationPolicy', 'agents', 'planner');
      create view policy as select policy_id, kind, namespace, name from policies;
      create view policy_workload as
        select p.policy_id as policy_id, w.workload_id as workload_id
        from policies p join workloads w on w.namespace = p.namespace and w.name = p.name;
      create view external_service as select null as namespace, null as name, '[]' as export_to where 0;
      create view service as select null as namespace, null as name, '{}' as selector where 0;
      create view hidden as select value from secrets;
      """ + extra
    var message: UnsafeMutablePointer<CChar>?
    let code = sqlite3_exec(connection, sql, nil, nil, &message)
    #expect(code == SQLITE_OK, "\(message.map { String(cString: $0) } ?? "")")
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func runner(
    _ limits: RuleLimits = RuleLimits(time: .milliseconds(400))
  ) throws -> RuleRunner {
    try RuleRunner(databasePath: path, views: ScratchDatabase.views, limits: limits)
  }
}
