import Testing

@testable import MeshModel

@Suite struct DiagnosticTests {
  @Test func theyPrintOnOneLineAndAHint() {
    let place = SourceLocation(path: "mesh/a.yaml", line: 41, column: 9)
    let diagnostic = Diagnostic(
      code: "unknown-field", severity: .error, message: "unknown field \"form\"", location: place,
      hint: "did you mean \"from\"?")
    #expect(
      diagnostic.description == """
        mesh/a.yaml:41:9: error: unknown field "form" [unknown-field]
          hint: did you mean "from"?
        """)
    let bare = Diagnostic(code: "x", severity: .note, message: "m")
    #expect(bare.description == "note: m [x]")
    #expect(SourceLocation(path: "a.der").description == "a.der")
  }

  @Test func locationsAreOrdered() {
    let places = [
      SourceLocation(path: "a", line: 2, column: 1), SourceLocation(path: "a", line: 10, column: 1),
      SourceLocation(path: "a", line: 10, column: 3), SourceLocation(path: "b"),
    ]
    #expect(places.shuffled().sorted() == places)
  }

  @Test func theSinkKeepsTheOrder() {
    let sink = DiagnosticSink()
    for code in ["c", "a", "b"] { sink.report(.warning, code, "m") }
    #expect(sink.diagnostics.map(\.code) == ["c", "a", "b"])
  }
}

@Suite struct Base64Tests {
  /// RFC 4648 section 10, and what is not Base64.
  @Test(arguments: [
    ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"),
    ("Zm9vYmE=", "fooba"), ("Zm9vYmFy", "foobar"), ("Zm9v\nYmFy", "foobar"), ("Zg", "f"),
  ])
  func vectors(text: String, decoded: String) {
    #expect(Base64.decoded(text).map { String(decoding: $0, as: UTF8.self) } == decoded)
  }

  @Test(arguments: ["Zm9v!", "Zm-v", "é"])
  func otherCharactersAreRefused(text: String) { #expect(Base64.decoded(text) == nil) }
}
