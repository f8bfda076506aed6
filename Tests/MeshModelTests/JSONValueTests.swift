import Foundation
import Testing

@testable import MeshModel

@Suite struct JSONValueTests {
  @Test func canonicalTextIsSortedAndCompact() {
    let value: JSONValue = [
      "b": [1, true, .null, "x"], "a": ["z": -5, "y": [:]], "B": [], "é": "é", "": 0,
    ]
    #expect(
      value.canonicalText
        == "{\"\":0,\"B\":[],\"a\":{\"y\":{},\"z\":-5},\"b\":[1,true,null,\"x\"],\"é\":\"é\"}")
  }

  @Test(arguments: [
    ("\"", "\"\\\"\""), ("\\", "\"\\\\\""), ("/", "\"/\""), ("\n\r\t", "\"\\n\\r\\t\""),
    ("\u{0}\u{1F}\u{7F}", "\"\\u0000\\u001f\\u007f\""),
    ("</script>&", "\"\\u003c/script\\u003e\\u0026\""),
    ("\u{2028}\u{2029}", "\"\\u2028\\u2029\""), ("é😀", "\"é😀\""), ("\r\n", "\"\\r\\n\""),
    ("e\u{301}", "\"e\u{301}\""),
  ])
  func stringsAreEscaped(value: String, text: String) {
    #expect(JSONValue.string(value).canonicalText == text)
  }

  @Test(arguments: [
    (JSONValue.double(1.5), "1.5"), (.double(.nan), "null"), (.double(.infinity), "null"),
    (.double(1e300), "1e+300"), (.double(0.1), "0.1"), (.double(5), "5.0"), (.double(-0.0), "-0.0"),
    (.int(.max), "9223372036854775807"), (.int(.min), "-9223372036854775808"), (.null, "null"),
    (.double(1e16), "1e+16"), (.double(.leastNonzeroMagnitude), "5e-324"),
  ])
  func numbersAreWritten(value: JSONValue, text: String) {
    #expect(value.canonicalText == text)
  }

  @Test func memberNamesWithEqualCharactersKeepAnOrder() {
    // "é" composed and decomposed are equal as Swift text and different as JSON names.
    let names = ["\u{E9}", "e\u{301}"]
    let first = JSONValue.object(names.map { .init($0, 1) })
    let second = JSONValue.object(names.reversed().map { .init($0, 1) })
    #expect(Array(first.canonicalText.utf8) == Array(second.canonicalText.utf8))
  }

  @Test func membersSortByTheirBytes() {
    let names = ["a", "B", "\u{FFFD}", "\u{1F600}", "é", "z", "_", "aa", ""]
    let text = JSONValue.object(names.shuffled().map { .init($0, 1) }).canonicalText
    let sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    #expect(text == "{" + sorted.map { "\"\($0)\":1" }.joined(separator: ",") + "}")
  }

  @Test func everyTextIsJSONForOthersToo() throws {
    var random = SplitMix(seed: 0x150)
    for _ in 0..<2_000 {
      let value = JSONValue.object([.init("v", Self.value(&random, depth: 0))])
      let text = value.canonicalText
      let decoded = try JSONSerialization.jsonObject(with: Data(text.utf8), options: [])
      #expect(decoded is [String: Any])
      #expect(!text.utf8.contains { $0 < 0x20 || $0 == UInt8(ascii: "<") })
    }
  }

  private static func value(_ random: inout SplitMix, depth: Int) -> JSONValue {
    switch random.next() % (depth > 3 ? 5 : 7) {
    case 0: return .null
    case 1: return .bool(random.next() & 1 == 0)
    case 2: return .int(Int64(bitPattern: random.next()))
    case 3: return .double(Double(bitPattern: random.next()))
    case 4:
      let scalars = (0..<(random.next() % 8)).compactMap { _ in
        Unicode.Scalar(UInt32(random.next() % 0x3000))
      }
      return .string(String(String.UnicodeScalarView(scalars)))
    case 5: return .array((0..<(random.next() % 4)).map { _ in value(&random, depth: depth + 1) })
    default:
      return .object(
        (0..<(random.next() % 4)).map { .init("k\($0)", value(&random, depth: depth + 1)) })
    }
  }

  @Test func valuesAreTakenByKind() {
    let value: JSONValue = ["s": "x", "i": 3, "b": true, "a": [1]]
    #expect(value["s"]?.stringValue == "x" && value["i"]?.intValue == 3)
    #expect(value["b"]?.boolValue == true && value["a"]?.arrayValue == [1])
    #expect(value["none"] == nil && value["s"]?.intValue == nil && JSONValue.null["a"] == nil)
    #expect(value.members?.map(\.name) == ["s", "i", "b", "a"])
  }
}
