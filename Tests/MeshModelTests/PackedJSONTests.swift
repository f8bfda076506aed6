import MeshModel
import Testing

@Suite struct PackedJSONTests {
  static let values: [JSONValue] = [
    .null, .bool(true), .bool(false), .int(0), .int(-1), .int(63), .int(64), .int(.max), .int(.min),
    .double(0.1), .double(-.infinity), .string(""), .string("ä\u{0}\u{1F512}"), .array([]),
    .object([]),
    .array([.int(1), .array([.string("a"), .null])]),
    .object([
      .init("z", .string(String(repeating: "long ", count: 400))), .init("a", .object([])),
      .init("a", .int(2)), .init("", .array([.bool(false)])),
    ]),
  ]

  @Test(arguments: values) func comesOutAsItWentIn(_ value: JSONValue) {
    #expect(PackedJSON(value).value == value)
    #expect(PackedJSON(.array([value, value])).value == .array([value, value]))
  }

  @Test func differentValuesDiffer() {
    #expect(Set(Self.values.map(PackedJSON.init)).count == Self.values.count)
  }
}
