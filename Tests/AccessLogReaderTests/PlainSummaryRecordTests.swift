import Foundation
import MeshModel
import Testing

@testable import AccessLogReader

@Suite struct PlainSummaryRecordTests {
  private let request = """
    {"day":"2026-11-24","side":"server","source":{"principal":"spiffe://cluster.local/ns/a/sa/b",\
    "workload":"a/b"},"destination":{"host":"retriever.agents"},"port":8080,"protocol":"http",\
    "method":"GET","path":"/v1/{id}","response":"2xx","outcome":"denied","deniedBy":"ns[a]-policy[p]",\
    "identitySource":"xfcc","isPathTrusted":true,"isMTLS":false,"format":"istio-text","count":3,\
    "first":"2026-11-24T05:58:06.123Z","last":"2026-11-24T05:58:07.000Z","bytesReceived":12,\
    "bytesSent":0,"latency":{"0":1,"4":2},"restFirst":"2026-11-24T05:58:06.123Z",\
    "restLast":"2026-11-24T05:58:06.123Z","halves":"1f 1763963886123 12 0 4 -,2a 1763963886124 0 0 - 9"}
    """
  private let coverage = """
    {"coverage":"agents/planner","lines":7,"first":"2026-11-24T05:58:06.123Z",\
    "last":"2026-11-25T00:00:00.000Z","hours":{"2026-11-24":32,"2026-11-25":1}}
    """
  private let depth = """
    {"pathDepth":2,"destination":{"workload":"eu/agents/planner"},"outcome":"allowed","response":"2xx"}
    """

  private func plain(_ text: String) -> String? {
    var reader = PlainSummaryRecord()
    return Array(text.utf8).withUnsafeBufferPointer { buffer in
      buffer.baseAddress.flatMap { reader.read(Bytes($0, buffer.count)) }.map(shown)
    }
  }

  private func decoded(_ text: String) -> String? {
    (try? JSONDecoder().decode(TrafficSummaryRecord.self, from: Data(text.utf8))).map(shown)
  }

  private func shown(_ record: TrafficSummaryRecord) -> String {
    var rest = record
    rest.latency = nil
    rest.hours = nil
    let latency = record.latency?.counts.map { "\($0)" }.sorted()
    let hours = record.hours?.map { "\($0)" }.sorted()
    return "\(rest) \(String(describing: latency)) \(String(describing: hours))"
  }

  @Test func whatThisProgramWritesIsReadWithoutTheDecoder() throws {
    for line in [request, coverage, depth] {
      let read = try #require(plain(line))
      #expect(read == decoded(line))
    }
  }

  @Test(arguments: [
    "{}", #"{"day": "2026-11-24"}"#, #"{"day":"2026\u002d11-24"}"#, #"{"port":80.0}"#,
    #"{"port":null}"#, #"{"port":080}"#, #"{"day":"é"}"#, #"{"count":1,"count":2}"#,
    #"{"new":1}"#, #"{"latency":{}}"#, #"{"count":1}x"#, #"{"count":1,}"#, #"{"count":1"#,
  ])
  func whatIsWrittenAnotherWayIsLeftToTheDecoder(_ line: String) {
    #expect(plain(line) == nil)
  }

  @Test func whateverIsReadTheDecoderReadsAlike() {
    var chance = MergeTests.Generator(state: 7)
    let characters = Array("{}[]\",:0123456789-.etruefalsnul adyZT/é\\\u{1}")
    var readCount = 0
    for round in 0..<6_000 {
      var line = Array([request, coverage, depth][round % 3])
      for _ in 0...(round % 2) {
        let place = Int.random(in: 0..<line.count, using: &chance)
        let character = characters.randomElement(using: &chance) ?? " "
        switch Int.random(in: 0..<3, using: &chance) {
        case 0: line[place] = character
        case 1: line.insert(character, at: place)
        default: line.remove(at: place)
        }
      }
      let text = String(line)
      guard let read = plain(text) else { continue }
      readCount += 1
      #expect(read == decoded(text), "\(text)")
    }
    #expect(readCount > 1_000)
  }
}
