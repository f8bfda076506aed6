import MeshModel
import Testing

@testable import AccessLogReader

/// Logs of a real Envoy 1.40, see Tests/Data/access-logs/README.md.
@Suite struct RealEnvoyLogsTests {
  @Test(arguments: [
    ("server.istio.text.log.gz", "istio-text", 2812),
    ("server.istio.json.log.gz", "istio-json", 2812),
    ("client.istio.text.log.gz", "istio-text", 3283),
    ("client.istio.json.log.gz", "istio-json", 3283),
  ])
  func everyLineIsRead(name: String, format: String, count: Int) throws {
    let result = scan(try logBytes(name))
    #expect(result.counts.lines == count)
    #expect(result.counts.read == count, "\(result.counts) \(result.examples)")
    #expect(result.counts.readByFormat == [format: count])
  }

  @Test(arguments: ["server", "client"])
  func textAndJSONGiveTheSameRequests(side: String) throws {
    let text = scan(try logBytes("\(side).istio.text.log.gz"))
    let json = scan(try logBytes("\(side).istio.json.log.gz"))
    var fromText: [ObservedRequestKey: ObservedRequestSum] = [:]
    for (key, sum) in text.requests {
      var key = key
      key.format = "istio-json"
      fromText[key] = sum
    }
    for (key, sum) in fromText where json.requests[key] != sum {
      Issue.record("text only: \(key) \(sum.count) \(json.requests[key]?.count ?? 0)")
    }
    for key in json.requests.keys where fromText[key] == nil {
      Issue.record("JSON only: \(key)")
    }
  }
}
