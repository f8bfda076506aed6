import MeshModel
import Testing

@testable import AccessLogReader

@Suite struct PathTemplateTests {
  func template(_ path: String) -> String {
    let writer = PathTemplateWriter()
    var output = [UInt8](repeating: 0, count: PathTemplateWriter.longest + 64)
    var path = path
    let count = path.withUTF8 { input in
      output.withUnsafeMutableBufferPointer { output in
        guard let from = input.baseAddress, let to = output.baseAddress else { return 0 }
        return writer.write(Bytes(from, input.count), to: to)
      }
    }
    return String(decoding: output[..<count], as: UTF8.self)
  }

  @Test(arguments: [
    ("/", "/"), ("/v1/search?q=secret", "/v1/search"), ("/v1/documents/229", "/v1/documents/{id}"),
    ("/v1/models/gpt-4o", "/v1/models/gpt-4o"), ("/oauth2/token", "/oauth2/token"),
    ("/x/6527e04c-c378-47e2-b6b2-72d889a3dd29/y", "/x/{id}/y"), ("/d/deadbee5", "/d/{id}"),
    ("/u/order-12345", "/u/{id}"), ("/u/bob@example.com", "/u/{email}"),
    ("/u/bob%40example.com", "/u/{email}"), ("//v1///search//", "//v1///search//"),
    ("/a;jsessionid=77/b", "/a;{*}/b"), ("/k/ghp_0123456789abcdefghij", "/k/{token}"),
    ("/k/sk-0123456789abcdefghij", "/k/{token}"), ("*", "*"), ("", ""),
    ("http://host:8080/a/7?x", "/a/{id}"), ("/.well-known/agent.json", "/.well-known/agent.json"),
    ("/tools.v1.Tools/Invoke", "/tools.v1.Tools/Invoke"),
    ("/call/+49-30-123-456", "/call/{id}"), ("/call/%2B49(30)123-456", "/call/{id}"),
    ("/call/555-123-4567", "/call/{id}"), ("/from/10.243.38.103", "/from/{id}"),
    ("/mail/bob%2Bx%40example.com", "/mail/{email}"), ("/v1.26.4/x", "/v1.26.4/x"),
  ])
  func identifiersBecomePlaceholders(path: String, expected: String) {
    #expect(template(path) == expected)
  }

  @Test func shortPathsAreWrittenAsLongOnesAre() {
    var random = MergeTests.Generator(state: 11)
    let writer = PathTemplateWriter()
    let pieces = [
      "/", "/", "a", "v1", "2", "0042", "12345", "deadbee5", "documents", "-", "x9", "?q=1", "#",
      "@",
      "%40", ";", "abcdefghijklmno", "9999999999999999", ".", "F00D",
    ]
    for _ in 0..<20_000 {
      var path = "/"
      for _ in 0..<Int.random(in: 0...10, using: &random) {
        path += pieces.randomElement(using: &random) ?? ""
      }
      var output = [UInt8](repeating: 0, count: PathTemplateWriter.longest + 64)
      let count = Array(path.utf8).withUnsafeBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
          guard let from = input.baseAddress, let to = output.baseAddress else { return 0 }
          return writer.writeLong(Bytes(from, input.count), to: to)
        }
      }
      #expect(template(path) == String(decoding: output[..<count], as: UTF8.self), "\(path)")
    }
  }

  @Test func templatesAreBounded() {
    for piece in ["/", "/a", "/longer-name", "/7", "x"] {
      let result = template(String(repeating: piece, count: 5000))
      #expect(result.utf8.count <= PathTemplateWriter.longest + 16)
    }
  }

  @Test func lastElementOfXFCCCounts() {
    func uri(_ header: String) -> String {
      var header = header
      return header.withUTF8 { buffer in
        guard let base = buffer.baseAddress else { return "" }
        return ForwardedClientCertificate.lastURI(Bytes(base, buffer.count)).text
      }
    }
    #expect(
      uri("By=a;URI=spiffe://forged,By=b;Hash=1;Subject=\"\";URI=spiffe://true") == "spiffe://true")
    #expect(uri("By=b;Subject=\"CN=x,URI=spiffe://forged;\";URI=spiffe://true") == "spiffe://true")
    #expect(uri("By=b;URI=spiffe://one;URI=spiffe://two") == "")
    #expect(uri("By=b;Subject=\"open;URI=spiffe://x") == "")
  }

  @Test func percentilesComeFromBuckets() {
    var histogram = LatencyHistogram()
    #expect(histogram.percentile(0.5) == nil)
    for value in 1...1000 { histogram.record(milliseconds: value) }
    #expect(histogram.count == 1000)
    for (fraction, exact) in [(0.5, 500), (0.95, 950), (0.99, 990)] {
      let found = histogram.percentile(fraction) ?? 0
      #expect(abs(found - exact) * 8 <= exact)
    }
    for bucket in 0..<LatencyHistogram.bucketCount {
      let lower = LatencyHistogram.lowerBound(bucket: bucket)
      #expect(LatencyHistogram.bucket(milliseconds: lower) == bucket)
    }
  }
}
