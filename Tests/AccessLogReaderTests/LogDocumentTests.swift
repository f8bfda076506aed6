import Foundation
import MeshModel
import Testing

@testable import AccessLogReader

/// Log lines inside one JSON document.
@Suite struct LogDocumentTests {
  /// The lines of a document, as text.
  static func text(_ text: String, block: Int = 1 << 16) -> String? {
    read(text, block: block).map { String(decoding: $0.output, as: UTF8.self) }
  }

  static func lines(_ text: String, block: Int = 1 << 16) -> (lines: [String], isWhole: Bool)? {
    guard let (output, isWhole) = read(text, block: block) else { return nil }
    let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    return (lines, isWhole)
  }

  private static func read(_ text: String, block: Int) -> (output: [UInt8], isWhole: Bool)? {
    let bytes = Array(text.utf8)
    guard let kind = bytes.withUnsafeBytes({ LogDocument.kind(of: $0) }) else { return nil }
    var document = LogDocument(kind)
    var output: [UInt8] = []
    var position = 0
    while position < bytes.count {
      let end = min(bytes.count, position + block)
      bytes[position..<end].withUnsafeBytes { part in
        document.take(part) { output.append(contentsOf: $0) }
      }
      position = end
    }
    document.finish { output.append(contentsOf: $0) }
    return (output, document.isWhole)
  }

  static let answer = #"""
    {"status": "success", "data": {"resultType": "streams", "result": [
      {"stream": {"namespace": "agents", "pod": "p-1"},
       "values": [["1763460000000000000", "a \"quoted\" [line] {x}"],
                  ["1763460000000000001", "second", {"meta": "data"}]]},
      {"stream": {"pod": "p-2"}, "values": [["1763460000000000002", "third"]]}],
     "stats": {"values": 5}}}
    """#

  static let expected = [
    #"{"labels":{"namespace":"agents","pod":"p-1"},"line":"a \"quoted\" [line] {x}"}"#,
    #"{"labels":{"namespace":"agents","pod":"p-1"},"metadata":{"meta":"data"},"line":"second"}"#,
    #"{"labels":{"pod":"p-2"},"line":"third"}"#,
  ]

  @Test(arguments: [1, 7, 1 << 16])
  func answerOfLokiIsItsLines(block: Int) throws {
    let read = try #require(Self.lines(Self.answer, block: block))
    #expect(read.lines == Self.expected)
    #expect(read.isWhole)
  }

  @Test func pushOfLokiIsItsLines() throws {
    let read = try #require(
      Self.lines(#"{"streams":[{"stream":{"pod":"p-2"},"values":[["1","third"]]}]}"#))
    #expect(read.lines == [Self.expected[2]])
  }

  @Test(arguments: [1, 5, 1 << 16])
  func arrayIsItsElements(block: Int) throws {
    let read = try #require(
      Self.lines(
        "[\n  {\"log\": \"x [ ] \\\" \",\n \"a\": [{}]},\n {\"log\":\"y\"}\n]\n", block: block))
    #expect(read.lines == [#"{"log":"x [ ] \" ","a":[{}]}"#, #"{"log":"y"}"#])
    #expect(read.isWhole)
  }

  @Test(arguments: [1, 5, 1 << 16])
  func objectsOverManyLinesAreOneLineEach(block: Int) throws {
    let texts = [
      "{\n  \"log\": \"x { } \\\" \",\n  \"a\": [\n {}\n]\n}\n{\n  \"log\": \"y\"\n}\n",
      "{\"log\":\"x { } \\\" \",\"a\":[{}]}{\"log\":\"y\"}",
    ]
    for text in texts {
      let read = try #require(Self.lines(text, block: block))
      #expect(read.lines == [#"{"log":"x { } \" ","a":[{}]}"#, #"{"log":"y"}"#])
      #expect(read.isWhole)
      #expect(Self.lines(String(text.dropLast(3)))?.isWhole == false)
    }
  }

  /// What stands between objects is handed on for somebody to count.
  @Test func strayTextIsNotLost() throws {
    let read = try #require(Self.lines("{\n\"a\": 1\n}\nnot an object\n{\n\"b\": 2\n}\n"))
    #expect(read.lines == [#"{"a":1}"#, "?", #"{"b":2}"#])
  }

  /// Inputs of the fuzzer, and one that it found: a line end within the first key of an object.
  @Test func whereBlocksEndMakesNoDifference() throws {
    let folder = accessLogData.appendingPathComponent("documents")
    var texts = [
      "{\"resourceLogs\":[]}\n{\"a key\n  {\"resourceLogs\":[]}\n",
      "{\"resourceLogs\":[]}\n{" + String(repeating: " \n", count: 100) + "\"resourceLogs\":[]}x\n",
      "{\"resourceLogs\":[]}\n{\"" + String(repeating: "k", count: 200) + "\":1}\n",
    ]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let data = try Data(contentsOf: folder.appendingPathComponent(name))
      texts.append(String(decoding: data.dropFirst(), as: UTF8.self))
    }
    for text in texts {
      let whole = Self.text(text)
      for block in [1, 2, 3, 7, 33, 256] { #expect(Self.text(text, block: block) == whole) }
      let result = scan(whole ?? text)
      #expect(result.requests.values.reduce(0) { $0 + $1.count } == result.counts.read)
    }
  }

  @Test func everyCutIsSeen() throws {
    for length in 1..<(Self.answer.utf8.count - 1) {
      let cut = String(decoding: Array(Self.answer.utf8).prefix(length), as: UTF8.self)
      #expect(Self.lines(cut)?.isWhole != true, "\(length)")
    }
    #expect(Self.lines("[{}]]")?.isWhole == false)
  }

  @Test(arguments: [
    "{\"a\":1}\n{\"b\":2}\n", "{\"a\":1,\"cut\n{\"b\":2}\n", "[2026-11-19T10:00:00Z] \"GET\"", "",
    "[1,2]", "text",
  ])
  func linesAreNoDocument(text: String) {
    #expect(Self.lines(text) == nil)
  }

  /// A real log as Loki answers it gives the same traffic as the log itself.
  @Test func answerOfLokiGivesTheTrafficOfTheLog() throws {
    let log = try logBytes("server.istio.json.log.gz")
    var text = #"{"streams":[{"stream":{},"values":["#
    for (index, line) in log.split(separator: 10).enumerated() {
      if index > 0 { text += "," }
      let escaped = String(decoding: line, as: UTF8.self)
        .replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      text += "[\"\(index)\",\"\(escaped)\"]"
    }
    text += "]}]}"
    let lines = try #require(Self.lines(text)).lines
    let read = scan(lines.joined(separator: "\n") + "\n")
    #expect(read.requests == scan(log).requests)
    #expect(read.counts.read == 2812)
  }
}
