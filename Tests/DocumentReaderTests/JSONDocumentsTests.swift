import MeshModel
import Testing

@testable import DocumentReader

private func json(_ text: String, limits: DocumentLimits = .standard) -> (
  documents: [DocumentNode], codes: [String]
) {
  let sink = DiagnosticSink()
  let documents = JSONDocuments.read(text, path: "f.json", limits: limits, into: sink)
  return (documents, sink.diagnostics.map(code))
}

@Suite struct JSONDocumentsTests {
  @Test func nodesKnowTheirPlace() throws {
    let (documents, codes) = json("{\n  \"a\": [1,\n    {\"b\": true}]\n}\n")
    #expect(codes == [])
    let document = try #require(documents.first)
    #expect(document.location == SourceLocation(path: "f.json", line: 1, column: 1))
    #expect(document.entries?[0].keyLocation == SourceLocation(path: "f.json", line: 2, column: 3))
    let inner = try #require(document["a"]?.items?[1])
    #expect(inner.location == SourceLocation(path: "f.json", line: 3, column: 5))
    #expect(inner["b"]?.location == SourceLocation(path: "f.json", line: 3, column: 11))
  }

  @Test(
    arguments: [
      ("null", .null), ("true", .bool(true)), ("false", .bool(false)), ("0", .int(0)),
      ("-0", .int(0)), ("12", .int(12)), ("-12", .int(-12)), ("1.5", .double(1.5)),
      ("1e3", .double(1000)), ("1E+2", .double(100)), ("-1.25e-2", .double(-0.0125)),
      ("9223372036854775807", .int(.max)),
      ("9223372036854775808", .double(9_223_372_036_854_775_808)),
      ("\"\"", .string("")), ("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\"", .string("a\"\\/\u{8}\u{C}\n\r\t")),
      ("\"\\u00e9\\u20AC\"", .string("é€")), ("\"\\ud83d\\ude00\"", .string("\u{1F600}")),
      ("\"x\\ud83dy\"", .string("x\u{FFFD}y")), ("\"\\ude00\"", .string("\u{FFFD}")),
      ("\"\\ud83d\\u0041\"", .string("\u{FFFD}A")),
      ("\"\\ud83d\\ud83d\\ude00\"", .string("\u{FFFD}\u{1F600}")),
      ("\"é😀\"", .string("é😀")), ("[]", .array([])), ("{}", .object([])),
      ("[[],{}]", .array([.array([]), .object([])])),
      ("\"\\u0000\"", .string("\u{0}")),
    ] as [(String, JSONValue)])
  func valuesOfRFC8259(text: String, value: JSONValue) {
    let (documents, codes) = json(text)
    #expect(codes == [])
    #expect(documents.map(\.json) == [value])
  }

  @Test(arguments: [
    "{", "[", "[1", "[1,", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "nul",
    "True", "01", "-", "1.", ".5", "+1", "1e", "0x10", "NaN", "Infinity", "-Infinity", "1_000",
    "--1",
    "-01", "\"abc", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\u+123\"", "\"a\tb\"", "]", "}", ",",
    ":", "[1 2]", "{\"a\":1 \"b\":2}",
    "\"\\", "1.5.5", "1e5e5", "-nan", "0x1p3", "inf",
  ])
  func whatIsNotJSONIsADiagnostic(text: String) {
    let (documents, codes) = json(text)
    #expect(documents.isEmpty)
    #expect(codes.count == 1 && codes[0].hasSuffix("json-syntax"))
  }

  @Test func theLastOfEqualNamesCounts() {
    let sink = DiagnosticSink()
    let documents = JSONDocuments.read(
      "{\"a\": 1, \"b\": {\"c\": 1, \"c\": 2},\n \"a\": 3}", path: "f.json", into: sink)
    #expect(documents.map(\.json.canonicalText) == ["{\"a\":3,\"b\":{\"c\":2}}"])
    #expect(sink.diagnostics.map(code) == ["1:24 duplicate-key", "2:2 duplicate-key"])
  }

  @Test func aBrokenLineCostsOnlyItself() {
    let (documents, codes) = json(
      "{\"a\":1}\n{\"a\":\n{\"a\":2,]\n\n{\"a\":3}\r\n{\"a\":4} {\"a\":5}")
    #expect(
      documents.map(\.json.canonicalText) == ["{\"a\":1}", "{\"a\":3}", "{\"a\":4}", "{\"a\":5}"])
    #expect(documents.map(\.location.line) == [1, 5, 6, 6])
    #expect(codes.allSatisfy { $0.hasSuffix("json-syntax") })
  }

  @Test func anUnclosedLineDoesNotSwallowTheNext() {
    let (documents, codes) = json("{\"a\":1}\n{\"a\": {\"b\": [1, 2\n{\"a\":3}\n{\"a\":4}\n")
    #expect(documents.map(\.json.canonicalText) == ["{\"a\":1}", "{\"a\":3}", "{\"a\":4}"])
    // The next record's bracket is where the list lacks its comma.
    #expect(codes == ["3:1 json-syntax"])
  }

  @Test func aBrokenPrettyDocumentIsReportedOnce() {
    let (documents, codes) = json("{\n  \"a\": 1,\n  \"b\": oops,\n  \"c\": [\n    3\n  ]\n}\n")
    #expect(documents.isEmpty)
    #expect(codes == ["3:8 json-syntax"])
  }

  @Test func windowsFilesReadAlike() {
    let (documents, codes) = json("\u{FEFF}{\r\n \"a\": 1\r\n}\r\n")
    #expect(codes == [])
    #expect(documents.first?["a"]?.location == SourceLocation(path: "f.json", line: 2, column: 7))
    #expect(json("\u{FEFF}[1]").documents.first?.location.column == 1)
  }

  @Test func columnsCountCharacters() {
    let (documents, _) = json("{\"é😀\": 1}")
    #expect(documents.first?["é😀"]?.location.column == 8)
  }

  @Test func sizeAndDepthAreBounded() {
    #expect(json("[1,2,3]", limits: DocumentLimits(nodeCount: 4)).codes == [])
    #expect(json("[1,2,3]", limits: DocumentLimits(nodeCount: 3)).codes.count == 1)
    #expect(json("[[[]]]", limits: DocumentLimits(depth: 2)).codes == [])
    #expect(json("[[[[]]]]", limits: DocumentLimits(depth: 2)).codes.count == 1)
    let deep = String(repeating: "[", count: 1_000_000)
    #expect(json(deep).codes.count == 1)
  }

  @Test func manyBrokenLinesStayLinear() {
    let text = String(repeating: "{\"a\": [1, 2\n", count: 20_000)
    let elapsed = ContinuousClock().measure {
      #expect(json(text).documents.isEmpty)
    }
    #expect(elapsed < .seconds(20))
  }
}
