import MeshModel
import Testing

@testable import RuleEngine

@Suite struct RuleRunnerTests {
  /// Statements that rule packs must not get away with.
  static let attacks: [(name: String, sql: String, code: RuleEngineError.Code)] = [
    ("temporary table", "create temp table t (x)", .notAllowed),
    ("insert", "insert into workloads (name) values ('x')", .notAllowed),
    ("delete", "delete from workloads", .notAllowed),
    ("attach", "attach ':memory:' as other", .notAllowed),
    ("pragma", "pragma query_only = 0", .notAllowed),
    ("writable schema", "pragma writable_schema = 1", .notAllowed),
    ("transaction", "begin immediate", .notAllowed),
    ("secret table", "select value from secrets", .notAllowed),
    ("undocumented view", "select value from hidden", .notAllowed),
    ("base table behind a view", "select name from workloads", .notAllowed),
    ("rows of a base table", "select count(*) from secrets", .notAllowed),
    ("rowid of a base table", "select rowid from secrets", .notAllowed),
    (
      "view's name for a table expression",
      "with workload as (select value from secrets) select value from workload", .notAllowed
    ),
    (
      "quoted and commented view's name",
      "with \"WORKLOAD\"/**/ (value) as not materialized (select value from secrets) select 1",
      .notAllowed
    ),
    (
      "view's name as a string",
      "with 'workload' as (select secret from workloads) select * from workload", .notAllowed
    ),
    (
      "view's name for a subquery",
      "select value from (select value from secrets) as workload", .notAllowed
    ),
    ("rows of pages", "select count(*) from dbstat", .notAllowed),
    ("rows of a table function", "select count(*) from pragma_function_list", .notAllowed),
    (
      "table function under the name of an expression",
      "with n as (select 1) select count(*) from pragma_table_info('secrets')", .notAllowed
    ),
    ("schema", "select sql from sqlite_master", .notAllowed),
    ("rows of the schema", "select count(*) from sqlite_schema", .notAllowed),
    ("pages", "select * from dbstat", .notAllowed),
    ("pragma function", "select * from pragma_table_list", .notAllowed),
    ("extension", "select load_extension('x')", .notAllowed),
    ("tokenizer", "select fts3_tokenizer('simple')", .notAllowed),
    ("zero blob", "select zeroblob(900000000)", .notAllowed),
    ("long text", "select printf('%.*c', 900000000, 'x')", .notAllowed),
    ("chance", "select random()", .notAllowed),
    ("clock", "select strftime('%s', 'now')", .notAllowed),
    ("clock keyword", "select current_timestamp", .notAllowed),
    ("window of a denied function", "select randomblob(9) over () from workload", .notAllowed),
    (
      "endless recursion",
      "with recursive n (x) as (select 1 union all select x + 1 from n) select max(x) from n",
      .tooSlow
    ),
    (
      "product without end",
      """
      with d (x) as (select value from json_each('[1,2,3,4,5,6,7,8,9,10]'))
      select count(*) from d a, d b, d c, d e, d f, d g, d h, d i, d j, d k, d l
      """, .tooSlow
    ),
    (
      "growing text",
      """
      with recursive t (x) as (select 'abcdefgh' union all select x || x from t)
      select length(x) from t
      """, .tooLarge
    ),
    (
      "replaced text",
      "select replace(replace(replace(replace(:a, 'a', :a), 'a', :a), 'a', :a), 'a', :a)",
      .tooLarge
    ),
    ("two statements", "select 1; select 2", .notAllowed),
    ("misspelt name in double quotes", "select \"nothing\" from workload", .invalidSQL),
    (
      "deep nesting",
      "select \(String(repeating: "(1+", count: 300))1\(String(repeating: ")", count: 300))",
      .invalidSQL
    ),
    ("nothing", "  -- only a comment", .invalidSQL),
    ("NUL", "select 1\u{0} from secrets", .invalidSQL),
  ]

  @Test(arguments: attacks.map(\.name)) func attackIsStopped(name: String) throws {
    let attack = try #require(Self.attacks.first { $0.name == name })
    let runner = try ScratchDatabase().runner()
    let parameters: [String: JSONValue] = ["a": .string(String(repeating: "a", count: 100))]
    let error = #expect(throws: RuleEngineError.self) {
      _ = try runner.rows(attack.sql, parameters: parameters)
    }
    #expect(error?.code == attack.code, "\(error?.description ?? "")")
    let rows = try runner.rows("select name from workload order by name").rows
    #expect(
      rows == [[.text("browser")], [.text("planner")]], "the connection is usable afterwards")
  }

  /// What rules need does work.
  @Test(arguments: [
    "select count(*) from workload",
    "select count(*) from (select name from workload)",
    "select count(*) from (select name from workload) as w",
    "with n (x) as not materialized (select name from workload) select count(*) from n, n as m",
    "select count(*) from json_each('[1]')",
    "select name from workload where name like 'pl%' or name glob 'br*' order by 1",
    "with meshed (n) as (select name from workload) select count(*) from meshed",
    "select w.name, j.value from workload w join json_each('[1]') j",
    "select json_group_array(name) from (select name from workload order by name)",
    "select name, row_number() over (order by name) from workload",
    "select json_object('a', 1) ->> '$.a'",
    "select w.name from workload as w where exists (select 1 from location as l)",
    "with recursive n (x) as (select 1 union all select x + 1 from n where x < 9) select x from n",
    "select (select count(*) from workload) as workloads",
    "select name from workload;  -- done",
  ]) func ruleLikeStatementRuns(sql: String) throws {
    let runner = try ScratchDatabase().runner()
    #expect(throws: Never.self) { try runner.rows(sql) }
  }

  @Test func viewShowsTheCurrentRunOnly() throws {
    let result = try ScratchDatabase().runner().rows("select count(name) as n from workload")
    #expect(result.rows == [[.integer(2)]])
    #expect(result.columns == ["n"])
    #expect(result.viewsRead == ["workload"])
  }

  @Test func rowsBeyondTheLimitAreCut() throws {
    let runner = try ScratchDatabase().runner(RuleLimits(rowCount: 1))
    let result = try runner.rows("select name from workload")
    #expect(result.rows.count == 1)
    #expect(result.isTruncated)
  }

  @Test func everyParameterMustBeGiven() throws {
    let runner = try ScratchDatabase().runner()
    #expect(throws: RuleEngineError(.parameter, "")) { try runner.rows("select :limit") }
    #expect(throws: RuleEngineError(.parameter, "")) { try runner.rows("select ?") }
    let list = try runner.rows(
      "select value from json_each(:names)", parameters: ["names": ["a", "b"]])
    #expect(list.rows == [[.text("a")], [.text("b")]])
  }

  @Test func timesAreReckonedOverTheCalendar() throws {
    let runner = try ScratchDatabase().runner()
    let result = try runner.rows(
      """
      select
        seconds_between('2026-11-20T06:00:00Z', '2026-11-19T06:00:00Z'),
        add_days('2026-02-28T01:02:03Z', 1),
        add_months('2026-08-31T00:00:00Z', 6),
        add_months('2026-03-31T12:00:00Z', -1),
        day_of('2026-11-20T23:59:59Z'),
        seconds_between('soon', '2026-11-19T06:00:00Z')
      """)
    #expect(
      result.rows == [
        [
          .integer(86_400), .text("2026-03-01T01:02:03Z"), .text("2027-02-28T00:00:00Z"),
          .text("2026-02-28T12:00:00Z"), .text("2026-11-20"), .null,
        ]
      ])
  }

  @Test func missingFileCannotBeOpened() {
    #expect(throws: RuleEngineError(.cannotOpen, "")) {
      try RuleRunner(databasePath: "/nowhere/at/all", views: [:])
    }
  }

  @Test func missingViewCannotBeOpened() throws {
    let database = try ScratchDatabase()
    #expect(throws: RuleEngineError(.cannotOpen, "")) {
      try RuleRunner(databasePath: database.path, views: ["nothing": ["x"]])
    }
  }
}
