import MeshModel
import Testing

@testable import AccessLogReader

/// Changed bytes of every format: nothing crashes and every line is accounted for.
@Suite struct MutationTests {
  static let files = [
    "server.istio.text.log.gz", "server.istio.json.log.gz", "server.custom.text.log.gz",
    "server.custom.json.log.gz", "client.envoy-default.log.gz", "generated.linkerd-json.log.gz",
    "generated.linkerd-text.log.gz", "generated.odd-cri.log.gz",
  ]

  @Test(arguments: files)
  func everyLineIsAccountedFor(name: String) throws {
    var random = MergeTests.Generator(state: UInt64(name.utf8.count) &* 7919)
    let lines = try logBytes(name).split(separator: 10, maxSplits: 400).prefix(400)
    let pieces = Array("\"\\{}[],: -\n\0\u{FF}0|.%@/".utf8)
    var options = AccessLogOptions()
    options.formats = [EveryFormatTests.customText, EveryFormatTests.customJSON].compactMap(\.self)
    var text: [UInt8] = []
    for line in lines {
      var line = Array(line)
      for _ in 0..<Int.random(in: 1...4, using: &random) where !line.isEmpty {
        let place = Int.random(in: 0..<line.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: line[place] = pieces.randomElement(using: &random) ?? 0
        case 1: line.remove(at: place)
        case 2: line.insert(pieces.randomElement(using: &random) ?? 0, at: place)
        default: line.removeLast(line.count - place)
        }
      }
      text += line + [10]
    }
    let result = scan(text, block: 1000, options: options)
    let counts = result.counts
    #expect(
      counts.lines
        == counts.read + counts.ambiguous + counts.rejected + counts.tooLong + counts.other
        + counts.unterminated)
    #expect(result.requests.values.reduce(0) { $0 + $1.count } == counts.read)
  }

  @Test func hugeNumbersDoNotOverflow() {
    let line = HostileInputTests.honest.replacing(
      "0 31 1 0", with: "999999999999999999 999999999999999999 999999999999999999 0")
    let result = scan(String(repeating: line + "\n", count: 20))
    #expect(result.requests.values.map(\.bytesSent) == [.max])
  }
}
