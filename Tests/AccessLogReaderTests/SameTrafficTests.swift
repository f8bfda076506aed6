import MeshModel
import Testing

@testable import AccessLogReader

/// Line by line: what one request is in every format that it was logged in.
///
/// Line N of every file of one side is the same event (Tests/Data/access-logs/README.md).
@Suite struct SameTrafficTests {
  /// What all formats of the server's side can say of a request.
  struct Meaning: Hashable {
    var day: String
    /// Nil where a format names no upstream cluster, from which alone the side of a line is known.
    var side: ObservedRequestKey.Side?
    var isTCP: Bool
    var method: String?
    var responseClass: String
    var isDenied: Bool
    var deniedBy: String?
    var destination: String?

    init(_ key: ObservedRequestKey) {
      day = key.day
      side = key.side
      // That HTTP is gRPC, only a format with its status tells.
      isTCP = key.protocolName == "tcp"
      method = key.method
      responseClass = key.responseClass
      isDenied = key.outcome == .denied
      deniedBy = key.deniedBy
      destination = key.destination.workload?.name ?? key.destination.host
    }
  }

  /// The request of each line of a file; nil where the line is none.
  private func keys(_ name: String, _ format: AccessLogFormat? = nil) throws
    -> [ObservedRequestKey?]
  {
    var options = AccessLogOptions()
    options.formats = format.map { [$0] } ?? []
    return try logBytes(name).split(separator: 10).map { line in
      let result = scan(Array(line) + [10], options: options)
      return result.counts.read == 1 ? result.requests.keys.first : nil
    }
  }

  @Test func everyServerLineIsTheSameRequestInFourFormats() throws {
    let text = try keys("server.istio.text.log.gz")
    let json = try keys("server.istio.json.log.gz")
    let customText = try keys("server.custom.text.log.gz", EveryFormatTests.customText)
    let customJSON = try keys("server.custom.json.log.gz", EveryFormatTests.customJSON)
    try #require(text.count == 2812 && json.count == 2812)
    try #require(customText.count == 2812 && customJSON.count == 2812)
    var rewrittenCount = 0
    for line in text.indices {
      let first = try #require(text[line])
      let others = [json[line], customText[line], customJSON[line]].compactMap(\.self)
      try #require(others.count == 3, "line \(line + 1)")
      let isTCP = first.protocolName == "tcp"
      for other in others {
        var (left, right) = (Meaning(first), Meaning(other))
        if other.format.hasPrefix("envoy-custom") {
          // They name neither the listener's address, which tells the side where there is no cluster, nor
          // why a connection ended; their host is what the caller wrote.
          (left.side, right.side) = (nil, nil)
          (left.destination, right.destination) = (nil, nil)
          if isTCP {
            #expect(right.isTCP && right.day == left.day, "line \(line + 1) in \(other.format)")
            continue
          }
        }
        #expect(left == right, "line \(line + 1) in \(other.format)")
      }
      #expect(others[0].pathTemplate == first.pathTemplate, "line \(line + 1)")
      #expect(others[1].pathTemplate == first.pathTemplate, "line \(line + 1)")
      if others[2].pathTemplate != first.pathTemplate { rewrittenCount += 1 }
      // Both custom formats carry the peer's identity; of a connection without bytes it is not believed, and
      // only one of them has bytes.
      if isTCP { continue }
      #expect(others[1].source == others[2].source, "line \(line + 1)")
      #expect(others[1].identitySource == others[2].identitySource, "line \(line + 1)")
    }
    // 111 that the caller's sidecar rewrote and 9 that a caller forged, less those whose templates agree.
    #expect((1...120).contains(rewrittenCount), "\(rewrittenCount)")
  }

  @Test func everyClientLineIsTheSameRequestInThreeFormats() throws {
    let text = try keys("client.istio.text.log.gz")
    let json = try keys("client.istio.json.log.gz")
    let envoy = try keys("client.envoy-default.log.gz")
    try #require(text.count == 3283 && json.count == 3283 && envoy.count == 3283)
    for line in text.indices {
      let first = try #require(text[line])
      var second = try #require(json[line])
      second.format = first.format
      #expect(first == second, "line \(line + 1)")
      let third = try #require(envoy[line])
      #expect(third.day == first.day, "line \(line + 1)")
      #expect(third.method == first.method, "line \(line + 1)")
      #expect(third.pathTemplate == first.pathTemplate, "line \(line + 1)")
      #expect(third.responseClass == first.responseClass, "line \(line + 1)")
    }
  }
}
