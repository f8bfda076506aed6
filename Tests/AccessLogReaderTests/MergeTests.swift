import MeshModel
import Testing

@testable import AccessLogReader

/// Any split of the input, merged in any order, gives the result of one run.
@Suite struct MergeTests {
  struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func splitsMergeToTheWhole(seed: UInt64) throws {
    var random = Generator(state: seed)
    var options = AccessLogOptions()
    // Small limits, so that cutting of paths and hosts takes part.
    options.pathLimit = [3, 8, 500].randomElement(using: &random) ?? 8
    options.hostLimit = [2, 1000].randomElement(using: &random) ?? 2
    options.pairLimit = [0, 1, 100, 1000, 1 << 16].randomElement(using: &random) ?? 100
    let bytes = try logBytes("server.istio.json.log.gz") + logBytes("client.istio.text.log.gz")
    let lines = bytes.split(separator: 10).map { Array($0) + [10] }
    let whole = scan(bytes, options: options)
    var parts: [AccessLogResult] = []
    var position = 0
    while position < lines.count {
      let end = min(lines.count, position + Int.random(in: 1...1500, using: &random))
      parts.append(scan(Array(lines[position..<end].joined()), options: options))
      position = end
    }
    parts.shuffle(using: &random)
    while parts.count > 1 {
      let index = Int.random(in: 1..<parts.count, using: &random)
      let part = parts.remove(at: index)
      parts[0].merge(part)
    }
    #expect(parts[0].requests == whole.requests)
    #expect(parts[0].counts == whole.counts)
    #expect(parts[0].pairs == whole.pairs)
    #expect(parts[0].pathDepths == whole.pathDepths)
    #expect(parts[0].firstSeen == whole.firstSeen)
    #expect(parts[0].lastSeen == whole.lastSeen)
  }

  @Test(arguments: [1, 7, 64, 1000, 5000]) func blocksMayEndAnywhere(block: Int) throws {
    let bytes =
      try logBytes("server.istio.json.log.gz").prefix(200_000)
      + logBytes("client.istio.text.log.gz").prefix(100_000)
    let whole = scan(Array(bytes))
    let cut = scan(Array(bytes), block: block)
    #expect(cut == whole)
  }

  @Test func pathsBeyondTheLimitAreCutAndCounted() {
    var options = AccessLogOptions()
    options.pathLimit = 10
    var text = ""
    for index in 0..<100 {
      let name =
        String(UnicodeScalar(UInt8(97 + index % 26))) + String(repeating: "x", count: index / 26)
      text += HostileInputTests.honest.replacing("/v1/search", with: "/api/v1/\(name)/item") + "\n"
    }
    let result = scan(text, options: options)
    #expect(result.requests.keys.map(\.pathTemplate) == ["/api/v1/{*}"])
    #expect(result.requests.values.map(\.count) == [100])
  }
}
