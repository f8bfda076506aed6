import MeshModel
import Testing

@testable import DocumentReader

/// Documents of a YAML text and what was reported: `3:1 duplicate-key`.
func yaml(_ text: String, limits: DocumentLimits = .standard) -> (
  documents: [DocumentNode], codes: [String]
) {
  let sink = DiagnosticSink()
  let documents = YAMLDocuments.read(text, path: "f.yaml", limits: limits, into: sink)
  return (documents, sink.diagnostics.map(code))
}

func code(_ diagnostic: Diagnostic) -> String {
  "\(diagnostic.location?.line ?? -1):\(diagnostic.location?.column ?? -1) \(diagnostic.code)"
}

@Suite struct YAMLDocumentsTests {
  @Test func nodesKnowTheirPlace() throws {
    let (documents, codes) = yaml(
      """
      # comment
      kind: Pod
      spec:
        containers:
        - name: a
          ports: [80, "81"]
      """)
    #expect(codes == [])
    let document = try #require(documents.first)
    #expect(document.location == SourceLocation(path: "f.yaml", line: 2, column: 1))
    let container = try #require(document["spec"]?["containers"]?.items?.first)
    #expect(container.location == SourceLocation(path: "f.yaml", line: 5, column: 5))
    #expect(container.entries?[1].keyLocation == SourceLocation(path: "f.yaml", line: 6, column: 5))
    let ports = try #require(container["ports"]?.items)
    #expect(ports.map(\.location.column) == [13, 17])
    #expect(ports.map(\.json) == [.int(80), .string("81")])
  }

  @Test(
    arguments: [
      ("a", .string("a")), ("true", .bool(true)), ("yes", .bool(true)), ("off", .bool(false)),
      ("~", .null), ("", .null), ("null", .null), ("12", .int(12)), ("-3", .int(-3)),
      ("+7", .int(7)), ("0x1F", .int(31)), ("0o17", .int(15)), ("017", .int(15)),
      ("0b101", .int(5)), ("1.5", .double(1.5)), ("1e3", .double(1000)), (".5", .double(0.5)),
      ("1.2.3", .string("1.2.3")), ("2026-01-31", .string("2026-01-31")), ("1_000", .int(1000)),
      ("y", .bool(true)), ("N", .bool(false)), ("-0x10", .int(-16)), ("0x-1", .string("0x-1")),
      ("+.5", .double(0.5)), ("1.", .double(1)), ("_1", .string("_1")), ("1__0.5", .double(10.5)),
      ("0b2", .string("0b2")), ("1e999", .string("1e999")),
      ("089", .double(89)), (".inf", .string(".inf")), ("'12'", .string("12")),
      ("\"true\"", .string("true")), ("!!str 12", .string("12")), ("1.27", .double(1.27)),
      ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
      ("1e", .string("1e")),
      ("0x", .string("0x")), ("10.0.0.1", .string("10.0.0.1")), ("1:30", .string("1:30")),
    ] as [(String, JSONValue)])
  func plainScalarsHaveTheTypesOfKubernetes(text: String, value: JSONValue) {
    let (documents, codes) = yaml("k: \(text)")
    #expect(codes == [])
    #expect(documents.first?["k"]?.json == value)
  }

  @Test func aBrokenDocumentCostsOnlyItself() {
    let (documents, codes) = yaml(
      """
      a: 1
      ---
      b: [1, 2
      ---
      c: 3
      --- # with a comment
      d: 4
      """)
    #expect(documents.map(\.json.canonicalText) == ["{\"a\":1}", "{\"c\":3}", "{\"d\":4}"])
    #expect(documents.map(\.location.line) == [1, 5, 7])
    #expect(codes.count == 1)
    #expect(codes.first?.hasSuffix("yaml-syntax") == true)
  }

  @Test func emptyDocumentsAreNone() {
    for text in ["", "\n\n", "---\n", "---\n---\n# only a comment\n", "\u{FEFF}", "# a"] {
      let (documents, codes) = yaml(text)
      #expect(documents.isEmpty, "\(text)")
      #expect(codes == [], "\(text)")
    }
  }

  @Test func theLastOfEqualKeysCounts() {
    let (documents, codes) = yaml(
      """
      a: 1
      b: {x: 1, x: 2}
      "a": 2
      list:
      - k: 1
        k: 2
        k: 3
      a: 3
      """)
    #expect(
      documents.map(\.json.canonicalText) == ["{\"a\":3,\"b\":{\"x\":2},\"list\":[{\"k\":3}]}"])
    #expect(
      codes.sorted().map { $0.split(separator: " ")[1] }
        == Array(repeating: "duplicate-key", count: 5))
    #expect(Set(codes).contains("2:5 duplicate-key"))
  }

  @Test func equalKeysAfterUnusualLineBreaksKeepTheRestWhole() {
    for lineBreak in ["\r\n", "\n", "\r", "\u{2028}", "\u{85}"] {
      let (documents, codes) = yaml(
        ["v: \"é\u{1F600}\"", "k: 1", "w: abc", "k: 2", "z: end"].joined(separator: lineBreak))
      if lineBreak == "\u{2028}" || lineBreak == "\u{85}", documents.isEmpty { continue }
      #expect(
        documents.map(\.json.canonicalText)
          == ["{\"k\":2,\"v\":\"é\u{1F600}\",\"w\":\"abc\",\"z\":\"end\"}"],
        "\(lineBreak.debugDescription)")
      #expect(codes.count == 1)
    }
  }

  @Test func textInThePrivateUseAreaIsKept() {
    let (documents, codes) = yaml("k: 1\n\u{E000}x: \u{E000}\nk: 2\n")
    #expect(documents.first?.json == .object([.init("\u{E000}x", "\u{E000}"), .init("k", 2)]))
    #expect(codes == ["1:1 duplicate-key"])
  }

  @Test func aKeyThatIsAnAliasNeverChangesAnotherValue() {
    let (documents, codes) = yaml("x: &k name\n*k : 1\nname: 2\n")
    #expect(!codes.isEmpty)
    for document in documents {
      #expect(document["x"]?.string == "name")
      #expect(document["name"]?.json == 2)
    }
  }

  @Test func moreThanAHundredEqualKeysAreRefused() {
    let (documents, codes) = yaml((0..<150).map { "k\($0): 1\nk\($0): 2\n" }.joined())
    #expect(documents.isEmpty)
    #expect(codes.last?.hasSuffix("yaml-syntax") == true)
  }

  @Test func anAliasBombStopsAtTheBudget() {
    var text = "a: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...12 {
      let alias = "*a\(level - 1)"
      text +=
        "b\(level): &a\(level) [\(Array(repeating: alias, count: 10).joined(separator: ", "))]\n"
    }
    let clock = ContinuousClock()
    let elapsed = clock.measure {
      let (documents, codes) = yaml(text, limits: DocumentLimits(nodeCount: 100_000))
      #expect(documents.isEmpty)
      #expect(codes.map { $0.split(separator: " ")[1] } == ["document-too-large"])
    }
    #expect(elapsed < .seconds(5))
  }

  @Test func anAliasBombAsAKeyStopsToo() {
    var text = "a: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let alias = "*a\(level - 1)"
      text +=
        "b\(level): &a\(level) [\(Array(repeating: alias, count: 10).joined(separator: ", "))]\n"
    }
    text += "? *a9\n: 1\n"
    let clock = ContinuousClock()
    let elapsed = clock.measure {
      let (documents, codes) = yaml(text, limits: DocumentLimits(nodeCount: 100_000))
      #expect(documents.isEmpty)
      #expect(codes.count == 1)
    }
    #expect(elapsed < .seconds(5))
  }

  @Test func aliasesWithinTheBudgetAreExpanded() {
    let (documents, codes) = yaml("a: &x {k: 1}\nb: *x\nc: [*x, *x]\n")
    #expect(codes == [])
    #expect(documents.first?["c"]?.items?.map { $0["k"]?.json } == [1, 1])
  }

  @Test func anUndefinedAliasIsReported() {
    let (documents, codes) = yaml("a: *missing\n")
    #expect(documents.isEmpty)
    #expect(codes == ["1:4 yaml-syntax"])
  }

  @Test(arguments: [150, 250, 900, 5_000, 200_000])
  func depthIsBounded(depth: Int) {
    for (open, close) in [("[", "]"), ("- ", ""), ("{a: ", "}")] {
      let text =
        String(repeating: open, count: depth) + "x" + String(repeating: close, count: depth)
      let (documents, codes) = yaml(text)
      #expect(documents.isEmpty == (depth > 200))
      #expect(codes.isEmpty == (depth <= 200))
    }
  }

  @Test func mergeKeysFillInWhatIsMissing() {
    let (documents, codes) = yaml(
      """
      base: &base {a: 1, b: 2}
      other: &other {b: 3, c: 4}
      one: {<<: *base, b: 9}
      two: {<<: [*base, *other], d: 5}
      three: {"<<": 1}
      """)
    #expect(codes == [])
    let document = documents.first
    #expect(document?["one"]?.json.canonicalText == "{\"a\":1,\"b\":9}")
    #expect(document?["two"]?.json.canonicalText == "{\"a\":1,\"b\":2,\"c\":4,\"d\":5}")
    #expect(document?["three"]?.json == .object([.init("<<", 1)]))
  }

  @Test func keysThatAreNotTextAreReported() {
    let (documents, codes) = yaml("? [a, b]\n: 1\nk: 2\n")
    #expect(documents.first?.json == ["k": 2])
    #expect(codes == ["1:3 key-not-text"])
  }

  @Test func keysThatLookLikeOtherTypesAreText() {
    let (documents, codes) = yaml("1: a\ntrue: b\nnull: c\n1.5: d\n")
    #expect(codes == [])
    #expect(documents.first?.entries?.map(\.key) == ["1", "true", "null", "1.5"])
    #expect(yaml("1: a\n\"1\": b\n").documents.first?.json == ["1": "b"])
  }

  @Test func windowsFilesReadAlike() {
    let unix = "a: 1\nb:\n- x\n- |\n  text\n---\nc: 2\n"
    let windows = unix.replacing("\n", with: "\r\n")
    let expected = yaml(unix).documents
    for text in [windows, "\u{FEFF}" + unix, "\u{FEFF}" + windows] {
      let (documents, codes) = yaml(text)
      #expect(codes == [])
      #expect(documents.map(\.json) == expected.map(\.json))
      #expect(documents.map(\.location) == expected.map(\.location))
    }
  }

  @Test func columnsCountCharacters() {
    let (documents, _) = yaml("é😀: {a: b}\n")
    #expect(documents.first?["é😀"]?.location.column == 5)
  }

  @Test func firstLineMovesLocations() {
    let sink = DiagnosticSink()
    let documents = YAMLDocuments.read("a: 1\n---\nb: [", path: "p", firstLine: 10, into: sink)
    #expect(documents.first?.location.line == 10)
    #expect((sink.diagnostics.first?.location?.line ?? 0) >= 12)
  }

  @Test func controlCharactersAreADiagnostic() {
    let (documents, codes) = yaml("a: \u{0}\n---\nb: 1\n")
    #expect(documents.map(\.json) == [["b": 1]])
    #expect(codes.count == 1)
  }

  @Test func aMarkerInsideABlockScalarIsText() {
    let (documents, codes) = yaml("a: |\n  x\n  ---\n  y\nb: 1\n")
    #expect(codes == [])
    #expect(documents.first?["a"]?.string == "x\n---\ny\n")
  }

  @Test func endMarkersSeparateDocuments() {
    let (documents, codes) = yaml("a: 1\n...\n---\nb: 2\n...\n")
    #expect(codes == [])
    #expect(documents.map(\.json) == [["a": 1], ["b": 2]])
    let (more, problems) = yaml("%YAML 1.1\n---\na: 1\n")
    #expect(problems == [])
    #expect(more.map(\.json) == [["a": 1]])
    let (loose, _) = yaml("a: 1\n...\nb: 2\n")
    #expect(loose.map(\.json) == [["a": 1], ["b": 2]])
  }
}
