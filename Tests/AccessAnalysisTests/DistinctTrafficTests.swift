import MeshModel
import Testing

@testable import AccessAnalysis

@Suite struct DistinctTrafficTests {
  static let planner = WorkloadID(namespace: "agents", name: "planner")

  static func row(
    _ evidence: TrafficEvidence, day: String = "2026-11-18",
    caller: String? = "spiffe://a/ns/n/sa/c",
    isMTLS: Bool? = true, count: Int = 1, side: ObservedRequestKey.Side = .server
  ) -> DistinctTraffic.Row {
    let time = UTCTime(seconds: 1_795_000_000)
    return (
      ObservedRequestKey(
        day: day, side: side, source: ObservedParty(principal: caller),
        destination: ObservedParty(workload: planner), port: 8080, protocolName: "http",
        method: nil, pathTemplate: nil, responseClass: "2xx", outcome: .allowed, deniedBy: nil,
        identitySource: caller == nil ? .none : .peerURISAN, isPathTrusted: false, isMTLS: isMTLS,
        format: "x", evidence: evidence),
      ObservedRequestSum(count: count, firstSeen: time, lastSeen: time)
    )
  }

  static func evidences(_ rows: [DistinctTraffic.Row]) -> [TrafficEvidence] {
    DistinctTraffic.of(rows).map(\.key.evidence)
  }

  @Test func counterOfALoggedCallerIsLeftOut() {
    #expect(Self.evidences([Self.row(.log), Self.row(.counter)]) == [.log])
    // Read after midnight.
    #expect(Self.evidences([Self.row(.log), Self.row(.counter, day: "2026-11-19")]) == [.log])
  }

  @Test func counterThatShowsMoreStays() {
    let other = Self.row(.counter, caller: "spiffe://a/ns/n/sa/d")
    #expect(Self.evidences([Self.row(.log), other]) == [.log, .counter])
    let later = Self.row(.counter, day: "2026-11-20")
    #expect(Self.evidences([Self.row(.log), later]) == [.log, .counter])
    // A line of the client's side is no line of the server's.
    #expect(
      Self.evidences([Self.row(.log, side: .client), Self.row(.counter)]) == [.log, .counter])
  }

  /// A line that leaves the caller open does not hide a counter that says that there was none.
  @Test func unknownCallersAreTheSameWhereBothSayAlike() {
    let plain = Self.row(.counter, caller: nil, isMTLS: false)
    #expect(Self.evidences([Self.row(.log, caller: nil, isMTLS: nil), plain]) == [.log, .counter])
    #expect(Self.evidences([Self.row(.log, caller: nil, isMTLS: false), plain]) == [.log])
  }

  @Test func tracesAreLeftOut() {
    #expect(Self.evidences([Self.row(.trace)]) == [])
    #expect(Self.evidences([Self.row(.log), Self.row(.trace)]) == [.log])
  }

  @Test func totalsAreByTheEvidenceThatSawMost() {
    let counts = DistinctTraffic.counts([
      Self.row(.log, count: 10), Self.row(.counter, count: 12),
      Self.row(.log, day: "2026-11-19", count: 7), Self.row(.counter, day: "2026-11-19", count: 3),
      Self.row(.log, count: 50, side: .client), Self.row(.trace, count: 99),
    ])
    #expect(counts.served == 19)
    #expect(counts.verified == 19)
  }
}
