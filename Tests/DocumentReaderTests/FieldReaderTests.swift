import MeshModel
import Testing

@testable import DocumentReader

@Suite struct FieldReaderTests {
  private func reader(_ text: String) throws -> (fields: FieldReader, sink: DiagnosticSink) {
    let sink = DiagnosticSink()
    let document = try #require(YAMLDocuments.read(text, path: "f.yaml", into: sink).first)
    return (FieldReader(document, sink: sink), sink)
  }

  @Test func fieldsAreReadByType() throws {
    let (fields, sink) = try reader(
      """
      text: a
      number: 3
      share: 0.5
      flag: true
      nothing: null
      port: 80
      portName: http
      names: [a, b]
      labels: {x: "1", y: z}
      at: 2026-01-31T00:00:00Z
      level: warning
      part: {inner: {deep: 1}}
      parts: [{a: 1}, {a: 2}]
      """)
    #expect(fields.string("text")?.value == "a")
    #expect(fields.int("number")?.value == 3)
    #expect(fields.number("number")?.value == 3)
    #expect(fields.number("share")?.value == 0.5)
    #expect(fields.bool("flag")?.value == true)
    #expect(fields.string("nothing") == nil)
    #expect(fields.has("nothing") && !fields.has("absent"))
    #expect(fields.intOrString("port")?.value == "80")
    #expect(fields.intOrString("portName")?.value == "http")
    #expect(fields.strings("names").map(\.value) == ["a", "b"])
    #expect(fields.stringMap("labels") == ["x": "1", "y": "z"])
    #expect(fields.time("at")?.dayText == "2026-01-31")
    #expect(fields.word("level", as: Diagnostic.Severity.self)?.value == .warning)
    let inner = try #require(fields.object("part")?.object("inner"))
    #expect(inner.path == "part.inner")
    #expect(inner.int("deep")?.location.line == 12)
    #expect(fields.objects("parts").map(\.path) == ["parts[0]", "parts[1]"])
    for absent in ["q"] {
      #expect(
        fields.string(absent) == nil && fields.int(absent) == nil && fields.bool(absent) == nil)
      #expect(fields.strings(absent).isEmpty && fields.stringMap(absent).isEmpty)
      #expect(fields.object(absent) == nil && fields.objects(absent).isEmpty)
      #expect(fields.number(absent) == nil && fields.time(absent) == nil)
    }
    fields.reportUnknownFields()
    #expect(sink.diagnostics.isEmpty)
    #expect(!fields.hasProblem)
  }

  @Test func wrongTypesAreReportedAndTheRestIsRead() throws {
    let (fields, sink) = try reader(
      """
      text: 1
      number: x
      flag: "true"
      port: 1.5
      names: a
      labels: [x]
      at: today
      level: loud
      part: x
      numbers: [1, {a: b}, null, c]
      """)
    #expect(fields.string("text")?.value == "1")
    #expect(fields.int("number") == nil)
    #expect(fields.bool("flag") == nil)
    #expect(fields.intOrString("port") == nil)
    #expect(fields.strings("names").isEmpty)
    #expect(fields.stringMap("labels").isEmpty)
    #expect(fields.time("at") == nil)
    #expect(fields.word("level", as: Diagnostic.Severity.self) == nil)
    #expect(fields.object("part")?.names == [])
    #expect(fields.strings("numbers").map(\.value) == ["1", "c"])
    #expect(
      sink.diagnostics.map(code) == [
        "1:7 wrong-type", "2:9 wrong-type", "3:7 wrong-type", "4:7 wrong-type", "5:8 wrong-type",
        "6:9 wrong-type", "7:5 wrong-type", "8:8 unknown-value", "9:7 wrong-type",
        "10:11 wrong-type", "10:14 wrong-type", "10:22 wrong-type",
      ])
    #expect(
      sink.diagnostics[0].description == """
        f.yaml:1:7: error: text is a number (1) [wrong-type]
          hint: expected a string; put the value in quotes
        """)
    #expect(sink.diagnostics[9].message == "numbers[0] is a number (1)")
    #expect(fields.hasProblem)
  }

  @Test func aProblemMarksEverythingAroundIt() throws {
    let (fields, _) = try reader("a: {b: {c: x}}\nd: {e: 1}")
    let a = try #require(fields.object("a"))
    let d = try #require(fields.object("d"))
    _ = a.object("b")?.int("c")
    // `b` was read by a reader that is gone; what is around it knows all the same.
    #expect(a.hasProblem && fields.hasProblem && !d.hasProblem)
  }

  @Test func aProblemReachesTheTopWhenReadersBetweenAreGone() throws {
    let (fields, _) = try reader("a: {b: {c: x}}")
    let inner = fields.object("a")?.object("b")
    _ = inner?.int("c")
    #expect(fields.hasProblem)
  }

  @Test(arguments: [
    ("slector: 1", "did you mean \"selector\"?"), ("Selector: 1", "did you mean \"selector\"?"),
    ("rule: 1", "did you mean \"rules\"?"),
    ("zzz: 1", "known fields here: action, rules, selector"),
  ])
  func unknownFieldsNameTheNearestKnownOne(text: String, hint: String) throws {
    let (fields, sink) = try reader(text)
    fields.ignore("selector", "rules", "action")
    fields.reportUnknownFields()
    #expect(sink.diagnostics.map(code) == ["1:1 unknown-field"])
    #expect(sink.diagnostics.first?.hint == hint)
  }

  @Test func aNodeThatIsNoObjectIsReportedOnce() throws {
    let (fields, sink) = try reader("- a")
    #expect(fields.names == [] && fields.string("a") == nil)
    #expect(sink.diagnostics.map(\.message) == ["document is a list"])
  }

  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("", "ab", 2), ("kitten", "sitting", 3), ("abc", "abc", 0),
    ("flaw", "lawn", 2),
  ])
  func editDistance(left: String, right: String, distance: Int) {
    #expect(EditDistance.between(left, right) == distance)
    #expect(EditDistance.between(right, left) == distance)
  }
}
