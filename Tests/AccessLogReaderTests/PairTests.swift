import Foundation
import MeshModel
import Testing

@testable import AccessLogReader

/// Lines of both proxies of one request are joined by its id, and believed no further than they agree.
@Suite struct PairTests {
  static let planner = WorkloadID(namespace: "agents", name: "planner")
  static let browser = WorkloadID(namespace: "tools", name: "browser")
  static let id = "6527e04c-c378-47e2-b6b2-72d889a3dd29"

  /// Istio's default JSON lines of the two proxies.
  static func server(
    id: String = id, method: String = "GET", code: Int = 200, at time: String = "05:58:06.123",
    local: String = "10.0.0.2:8080", remote: String = "10.0.0.1:41000", path: String = "/v1/fetch"
  ) -> String {
    """
    {"authority":"browser.tools:8080","bytes_received":10,"bytes_sent":31,"downstream_local_address":"\(local)",\
    "downstream_remote_address":"\(remote)","duration":4,"method":"\(method)","path":"\(path)",\
    "protocol":"HTTP/1.1","request_id":"\(id)","response_code":\(code),\
    "response_code_details":"via_upstream","response_flags":"-","start_time":"2026-11-24T\(time)Z",\
    "upstream_cluster":"inbound|8080||","upstream_host":"10.0.0.2:8080","upstream_local_address":"127.0.0.6:1"}

    """
  }

  static func client(
    id: String = id, method: String = "GET", code: Int = 200, at time: String = "05:58:06.120",
    upstream: String = "10.0.0.2:8080", local: String = "10.0.0.1:41000", flags: String = "-"
  ) -> String {
    """
    {"authority":"browser.tools:8080","bytes_received":10,"bytes_sent":31,"downstream_local_address":"10.96.0.9:8080",\
    "downstream_remote_address":"10.0.0.1:52000","duration":5,"method":"\(method)","path":"/v1/fetch",\
    "protocol":"HTTP/1.1","request_id":"\(id)","response_code":\(code),\
    "response_code_details":"via_upstream","response_flags":"\(flags)","start_time":"2026-11-24T\(time)Z",\
    "upstream_cluster":"outbound|8080||browser.tools.svc.cluster.local","upstream_host":"\(upstream)",\
    "upstream_local_address":"\(local)"}

    """
  }

  /// Reads each text as the log of the workload's proxy and joins them.
  func joined(
    _ logs: [(text: String, owner: WorkloadID?)], options: AccessLogOptions = AccessLogOptions()
  ) -> (results: [AccessLogResult], coverage: PairCoverage) {
    var results = logs.map { scan($0.text, options: options, owner: $0.owner) }
    let coverage = PairTests.join(&results, options: options)
    return (results, coverage)
  }

  static func join(
    _ results: inout [AccessLogResult], options: AccessLogOptions = AccessLogOptions()
  ) -> PairCoverage {
    var level = PairLevel(options: options)
    for result in results { _ = level.take(result) }
    var join = PairJoin()
    for index in results.indices {
      level.limit(&results[index])
      join.take(results[index])
    }
    join.finish()
    for index in results.indices { join.apply(to: &results[index], ofInput: index) }
    return join.coverage
  }

  @Test func theCalledsLineGetsTheCallersIdentity() throws {
    let (results, coverage) = joined([
      (Self.client(), Self.planner),
      (Self.server() + Self.server(id: "another-id-of-a-request"), Self.browser),
    ])
    #expect(coverage.joinedCount == 1)
    #expect(coverage.serverOnlyCount == 1)
    let called = results[1].requests.filter { $0.key.identitySource == .requestPair }
    let (key, sum) = try #require(called.first)
    #expect(called.count == 1)
    #expect(key.source.workload == Self.planner)
    #expect(key.destination.workload == Self.browser)
    #expect(key.side == .server)
    #expect(!key.identitySource.isVerified)
    #expect(sum.count == 1)
    #expect(sum.pairedCount == 1)
    #expect(sum.bytesReceived == 10)
    #expect(sum.bytesSent == 31)
    #expect(sum.latency.count == 1)
    let other = results[1].requests.filter { $0.key.identitySource != .requestPair }
    #expect(other.values.map(\.count) == [1])
    #expect(other.values.map(\.latency.count) == [1])
    // The caller's side stays, and says that its request is counted on the other one, too.
    #expect(results[0].requests.values.map(\.count) == [1])
    #expect(results[0].requests.values.map(\.pairedCount) == [1])
  }

  @Test func timesOfTheLinesThatStayAreTheirOwn() throws {
    let (results, _) = joined([
      (Self.client(at: "05:00:00.000"), Self.planner),
      (
        Self.server(at: "05:00:00.001")
          + Self.server(id: "another-id-of-a-request", at: "07:00:00.000")
          + Self.server(id: "x", at: "06:00:00.000"), Self.browser
      ),
    ])
    let stays = try #require(results[1].requests.first { $0.key.identitySource != .requestPair })
    #expect(stays.value.count == 2)
    #expect(stays.value.firstSeen == UTCTime("2026-11-24T06:00:00Z"))
    #expect(stays.value.lastSeen == UTCTime("2026-11-24T07:00:00Z"))
    let moved = try #require(results[1].requests.first { $0.key.identitySource == .requestPair })
    #expect(moved.value.firstSeen == UTCTime("2026-11-24T05:00:00.001Z"))
    #expect(moved.value.lastSeen == moved.value.firstSeen)
  }

  @Test(arguments: [
    server(method: "POST"), server(code: 403), server(at: "09:58:06.123"),
    // The id reached the pod over another connection than the caller's proxy sent it on.
    server(remote: "10.0.0.66:41000"), server(remote: "10.0.0.1:41001"),
  ])
  func linesThatContradictEachOtherAreNotJoined(server: String) {
    let (results, coverage) = joined([(Self.client(), Self.planner), (server, Self.browser)])
    #expect(coverage.contradictedCount == 1)
    #expect(coverage.joinedCount == 0)
    #expect(!results[1].requests.keys.contains { $0.identitySource == .requestPair })
    #expect(results[0].requests.values.map(\.pairedCount) == [0])
  }

  @Test(arguments: [
    [client(), client(), server()], [client(), server(), server()],
    [client(), server(remote: "10.0.0.66:5"), server()],
    [client(local: "10.0.0.66:5"), client(), server(), server()],
  ])
  func idsOfMoreThanTwoLinesAreCountedAndNeverEvidence(lines: [String]) {
    let (results, coverage) = joined([(lines.joined(), Self.planner)])
    #expect(coverage.ambiguousCount == lines.count)
    #expect(coverage.joinedCount == 0)
    #expect(!results[0].requests.keys.contains { $0.identitySource == .requestPair })
    #expect(results[0].requests.values.map(\.count).reduce(0, +) == lines.count)
  }

  @Test func otherPodsRetriesAndShortIdsAreNoPairs() {
    for (one, other) in [
      (Self.client(upstream: "10.0.0.3:8080"), Self.server()),
      (Self.client(flags: "URX"), Self.server()),
      (Self.client(id: "req-1"), Self.server(id: "req-1")),
      (Self.client(id: "-"), Self.server(id: "-")),
    ] {
      let (results, coverage) = joined([(one, Self.planner), (other, Self.browser)])
      #expect(coverage.joinedCount == 0)
      #expect(!results[1].requests.keys.contains { $0.identitySource == .requestPair })
    }
  }

  @Test func aCallerWhoseProxyIsNotKnownGivesNoIdentity() {
    let (results, coverage) = joined([(Self.client(), nil), (Self.server(), Self.browser)])
    #expect(coverage.unknownCallerCount == 1)
    #expect(coverage.joinedCount == 0)
    #expect(results[1].requests.values.map(\.count) == [1])
  }

  @Test func anAddressFromAHeaderDoesNotContradict() {
    let (_, coverage) = joined([
      (Self.client(), Self.planner), (Self.server(remote: "203.0.113.9:0"), Self.browser),
    ])
    #expect(coverage.joinedCount == 1)
  }

  @Test func aLineWithThePeersIdentityNeedsNoPair() throws {
    let format = try #require(
      AccessLogFormat(
        jsonText: """
          {"t":"%START_TIME%","m":"%REQ(:METHOD)%","c":"%UPSTREAM_CLUSTER%","id":"%REQ(X-REQUEST-ID)%",\
          "l":"%DOWNSTREAM_LOCAL_ADDRESS%","p":"%DOWNSTREAM_PEER_URI_SAN%","r":"%RESPONSE_CODE%"}
          """))
    var options = AccessLogOptions()
    options.formats = [format]
    let line = """
      {"t":"2026-11-24T05:58:06.123Z","m":"GET","c":"inbound|8080||","id":"\(Self.id)","l":"10.0.0.2:8080",\
      "p":"spiffe://cluster.local/ns/agents/sa/other","r":200}

      """
    let (results, coverage) = joined(
      [(Self.client(), Self.planner), (line, Self.browser)], options: options)
    #expect(coverage.joinedCount == 0)
    #expect(results[1].requests.keys.map(\.identitySource) == [.peerURISAN])
  }

  @Test func summariesOfTheTwoSidesJoinAsTheirLogsDo() throws {
    let logs = [(Self.client(), Self.planner), (Self.server(), Self.browser)]
    let direct = joined(logs)
    var results: [AccessLogResult] = []
    for (text, owner) in logs {
      var reader = TrafficSummaryReader()
      TrafficSummary(tool: "test", result: scan(text, owner: owner)).bytes
        .withUnsafeBytes { reader.consume($0) }
      results.append(try reader.finish().result)
    }
    #expect(PairTests.join(&results) == direct.coverage)
    #expect(results.map(\.requests) == direct.results.map(\.requests))
  }

  @Test(arguments: [1, 10, 300]) func whatIsKeptDependsOnAllLinesAndNotOnTheirOrder(limit: Int) {
    var options = AccessLogOptions()
    options.pairLimit = limit
    var clients: [String] = []
    var servers: [String] = []
    for index in 0..<400 {
      let id = "request-number-\(index * 7919)"
      clients.append(Self.client(id: id))
      servers.append(Self.server(id: id))
    }
    func run(_ clients: [String], _ servers: [String]) -> (
      rows: [[ObservedRequestKey: ObservedRequestSum]], PairCoverage
    ) {
      let (results, coverage) = joined(
        [(clients.joined(), Self.planner), (servers.joined(), Self.browser)], options: options)
      return (results.map(\.requests), coverage)
    }
    let (rows, coverage) = run(clients, servers)
    let (again, coverageAgain) = run(clients.reversed(), servers.shuffled())
    #expect(rows == again)
    #expect(coverage == coverageAgain)
    #expect(coverage.joinedCount > 0 || limit == 1)
    #expect(coverage.joinedCount <= limit)
    #expect(coverage.notKeptCount == 800 - 2 * coverage.joinedCount)
  }
}
