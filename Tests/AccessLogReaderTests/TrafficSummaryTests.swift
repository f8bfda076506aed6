import Foundation
import MeshModel
import Testing

@testable import AccessLogReader

/// Summaries say what one run says, however the logs were split.
@Suite struct TrafficSummaryTests {
  /// Reads a summary in blocks of one size.
  func read(_ bytes: [UInt8], block: Int = 1 << 16) throws -> TrafficSummary {
    var reader = TrafficSummaryReader()
    var position = 0
    while position < bytes.count {
      let end = min(bytes.count, position + block)
      bytes[position..<end].withUnsafeBytes { reader.consume($0) }
      position = end
    }
    return try reader.finish()
  }

  func summary(_ result: AccessLogResult) -> TrafficSummary {
    TrafficSummary(tool: "test", result: result)
  }

  func logs() throws -> [UInt8] {
    try logBytes("server.istio.json.log.gz") + logBytes("client.istio.text.log.gz")
      + logBytes("generated.linkerd-text.log.gz")
  }

  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func anySplitSummarisedAndMergedIsOneRun(seed: UInt64) throws {
    var random = MergeTests.Generator(state: seed)
    var options = AccessLogOptions()
    options.unknownAddress = .keep
    // Small limits, so that cutting of paths and hosts takes part.
    options.pathLimit = [3, 8, 500].randomElement(using: &random) ?? 8
    options.hostLimit = [2, 1000].randomElement(using: &random) ?? 2
    options.pairLimit = [0, 1, 100, 1000, 1 << 16].randomElement(using: &random) ?? 100
    let bytes = try logs()
    let lines = bytes.split(separator: 10).map { Array($0) + [10] }
    let whole = summary(scan(bytes, options: options)).bytes
    var parts: [[UInt8]] = []
    var position = 0
    while position < lines.count {
      let end = min(lines.count, position + Int.random(in: 1...3000, using: &random))
      let part = scan(Array(lines[position..<end].joined()), options: options)
      parts.append(summary(part).bytes)
      position = end
    }
    parts.shuffle(using: &random)
    // Merged two by two, written and read again in between: the shape of a tree of machines.
    while parts.count > 1 {
      let index = Int.random(in: 1..<parts.count, using: &random)
      var merged = try read(parts[0])
      merged.merge(try read(parts.remove(at: index)))
      parts[0] = merged.bytes
    }
    #expect(parts[0] == whole, "seed \(seed)")
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    var summary = summary(scan(try logs()))
    summary.contents = [.init(digest: String(repeating: "a", count: 64), byteCount: 12)]
    summary.failedInputCount = 2
    let workload = WorkloadID(cluster: "eu-1", namespace: "agents", name: "planner")
    summary.result.coverage[workload] = LogCoverage(
      firstSeen: UTCTime(seconds: 1_763_000_000), lastSeen: UTCTime(seconds: 1_763_090_000),
      lineCount: 7, hoursByDay: [20_404: 5, 20_405: 1 << 23])
    let again = try read(summary.bytes, block: 777)
    #expect(again.bytes == summary.bytes)
    #expect(again.contents == summary.contents)
    #expect(again.result.coverage == summary.result.coverage)
    #expect(again.result.requests.count == summary.result.requests.count)
    let packed = try #require(summary.gzipBytes)
    #expect(try inflated(packed) == summary.bytes)
  }

  @Test func everyCutAndEveryChangedCountIsRefused() throws {
    let bytes = summary(scan(Array(try logs().prefix(200_000)))).bytes
    for cut in stride(from: 1, to: bytes.count - 1, by: 1009) {
      #expect(throws: TrafficSummaryError.self) { try read(Array(bytes[..<cut])) }
    }
    let text = String(decoding: bytes, as: UTF8.self)
    for (old, new) in [
      ("\"count\":1,", "\"count\":2,"), ("\"count\":1,", "\"count\":-1,"),
      ("\"count\":1,", "\"count\":99999999999999999,"),
      ("\"side\":\"server\"", "\"side\":\"middle\""), ("\"records\":", "\"records\":1"),
      ("meshaudit-traffic/1", "meshaudit-traffic/2"),
    ] {
      let range = try #require(text.range(of: old))
      let changed = text.replacingCharacters(in: range, with: new)
      #expect(throws: TrafficSummaryError.self) { try read(Array(changed.utf8)) }
    }
  }

  @Test func hostileNamesStayInsideTheirStrings() throws {
    let key = ObservedRequestKey(
      day: "2026-11-24", side: .client, source: ObservedParty(host: "a\"b\\c\n\u{0}\u{2028}"),
      destination: ObservedParty(), port: nil, protocolName: "http", method: "GET",
      pathTemplate: "/é", responseClass: "2xx", outcome: .allowed, deniedBy: nil,
      identitySource: .none, isPathTrusted: false, isMTLS: nil, format: "istio-text")
    var result = AccessLogResult(options: AccessLogOptions())
    let time = UTCTime(seconds: 1_763_000_000)
    result.requests[key] = ObservedRequestSum(count: 1, firstSeen: time, lastSeen: time)
    result.counts.read = 1
    #expect(try read(summary(result).bytes).result.requests == result.requests)
  }

  @Test func manifestsThatComeLaterResolveWhatTheyCan() throws {
    var directory = TrafficDirectory()
    let planner = WorkloadID(namespace: "agents", name: "planner")
    let retriever = WorkloadID(namespace: "agents", name: "retriever")
    directory.workloads = [planner, retriever]
    directory.workloadsByAddress = ["10.0.0.1": planner]
    directory.workloadsByPrincipal = ["spiffe://cluster.local/ns/agents/sa/planner": [planner]]
    directory.serviceTargets[.init(namespace: "agents", name: "retriever", port: 80)] = [
      .init(workload: retriever, containerPort: 8080)
    ]
    var key = ObservedRequestKey(
      day: "2026-11-24", side: .client, source: ObservedParty(host: "10.0.0.1"),
      destination: ObservedParty(host: "retriever.agents.svc.cluster.local"), port: 80,
      protocolName: "http", method: "GET", pathTemplate: "/", responseClass: "2xx",
      outcome: .allowed, deniedBy: nil, identitySource: .none, isPathTrusted: false, isMTLS: nil,
      format: "istio-text")
    var server = key
    server.side = .server
    server.source.principal = "spiffe://cluster.local/ns/agents/sa/planner"
    server.source.host = nil
    var stranger = key
    stranger.source.host = "192.0.2.7"
    let time = UTCTime(seconds: 1_763_000_000)
    var result = AccessLogResult(options: AccessLogOptions())
    for key in [key, server, stranger] {
      result.requests[key] = ObservedRequestSum(count: 1, firstSeen: time, lastSeen: time)
    }
    let resolved = result.resolved(in: directory)
    key.source = ObservedParty(workload: planner)
    key.identitySource = .address
    key.destination = ObservedParty(workload: retriever)
    key.port = 8080
    // The host of a server's line is the caller's word.
    server.source.workload = planner
    stranger.source.host = nil
    stranger.destination = key.destination
    stranger.port = 8080
    #expect(Set(resolved.requests.keys) == [key, server, stranger])
    #expect(resolved.counts.unknownSources == 1)
    #expect(resolved.counts.unknownDestinations == 1)
  }
}
