import Foundation
import MeshModel
import Testing

@testable import AccessLogReader

/// OTLP JSON logs: records by body, by attributes and by both, on lines and over many.
@Suite struct OTLPLogTests {
  static let body =
    #"[2026-11-20T02:37:34.316Z] \"GET /v1/a HTTP/1.1\" 200 - via_upstream - \"-\" 0 31 4 4 \"-\" \"sdk\" \"6527e04c-c378-47e2-b6b2-72d889a3dd29\" \"ledger.tools\" \"10.1.0.9:8080\" inbound|8080|| 127.0.0.6:1 10.1.0.9:8080 10.1.0.3:40000 - default\n"#

  static func attribute(_ key: String, _ value: String) -> String {
    #"{"key":"\#(key)","value":\#(value)}"#
  }

  static func record(
    body: String? = nil, attributes: [(String, String)] = [], time: String = "1795487854316024000"
  ) -> String {
    var members = [#""timeUnixNano":"\#(time)""#]
    if let body { members.append(#""body":{"stringValue":"\#(body)"}"#) }
    let list = attributes.map { attribute($0.0, $0.1) }.joined(separator: ",")
    members.append(#""attributes":[\#(list)]"#)
    return "{\(members.joined(separator: ","))}"
  }

  static func export(_ records: [String], pod: String = "ledger-1") -> String {
    let resource =
      #"{"attributes":[{"key":"k8s.pod.name","value":{"stringValue":"\#(pod)"}}]}"#
    return #"{"resourceLogs":[{"resource":\#(resource),"scopeLogs":[{"scope":{"name":"x"},"#
      + #""logRecords":[\#(records.joined(separator: ","))]}]}]}"#
  }

  static func string(_ text: String) -> String { #"{"stringValue":"\#(text)"}"# }

  static let labels: [(String, String)] = [
    ("caller", string("spiffe://prod.example/ns/agents/sa/planner")),
    ("real_path", string("/v1/real")), ("method", string("GET")),
    ("code", #"{"intValue":"200"}"#), ("sent", #"{"intValue":31}"#),
  ]

  static let format = AccessLogFormat(
    jsonText: #"""
      {"caller":"%DOWNSTREAM_PEER_URI_SAN%","real_path":"%REQ(:PATH)%","method":"%REQ(:METHOD)%",
       "code":"%RESPONSE_CODE%","sent":"%BYTES_SENT%","pod":"%ENVIRONMENT(POD)%"}
      """#, hasTime: false)

  static var options: AccessLogOptions {
    var options = AccessLogOptions()
    options.formats = format.map { [$0] } ?? []
    return options
  }

  /// What a file of these bytes gives, in the way that files are read.
  func read(_ text: String, block: Int = 1 << 16, options: AccessLogOptions = Self.options)
    throws -> AccessLogResult
  {
    let lines = try #require(LogDocumentTests.text(text, block: block))
    return scan(lines, options: options)
  }

  @Test func formatOfLabelsNeedsNoTime() throws {
    #expect(Self.format != nil)
    #expect(AccessLogFormat(jsonText: #"{"caller":"%DOWNSTREAM_PEER_URI_SAN%"}"#) == nil)
  }

  @Test func labelsAloneAreARequest() throws {
    let result = try read(Self.export([Self.record(attributes: Self.labels)]))
    let (key, sum) = try #require(result.requests.first)
    #expect(result.counts.read == 1)
    #expect(key.source.principal == "spiffe://prod.example/ns/agents/sa/planner")
    #expect(key.identitySource == .peerURISAN)
    #expect(key.pathTemplate == "/v1/real")
    #expect(key.isPathTrusted)
    #expect(key.responseClass == "2xx")
    #expect(sum.bytesSent == 31)
    // The record's own time: 2026-11-24T02:37:34.316024Z.
    #expect(key.day == "2026-11-24")
    #expect(sum.firstSeen == UTCTime(seconds: 1_795_487_854, nanoseconds: 316_024_000))
  }

  @Test func labelsAddToTheBody() throws {
    // Istio sends its default text as body where only labels are declared.
    let result = try read(
      Self.export([Self.record(body: Self.body, attributes: Array(Self.labels.prefix(2)))]))
    let (key, _) = try #require(result.requests.first)
    #expect(key.source.principal == "spiffe://prod.example/ns/agents/sa/planner")
    #expect(key.pathTemplate == "/v1/real")
    #expect(key.isPathTrusted)
    // What only the body says.
    #expect(key.port == 8080)
    #expect(key.day == "2026-11-20")
    #expect(key.format == "istio-text+envoy-custom-json")
  }

  @Test func labelsWithoutValueLeaveWhatTheBodySays() throws {
    let empty = [("caller", Self.string("-")), ("method", Self.string("-"))]
    let result = try read(Self.export([Self.record(body: Self.body, attributes: empty)]))
    let (key, _) = try #require(result.requests.first)
    #expect(key.method == "GET")
    #expect(key.source.principal == nil)
  }

  @Test func labelsOfIstiosDefaultFormatAreKnown() throws {
    let attributes = [
      ("method", Self.string("POST")), ("path", Self.string("/v1/b?token=x")),
      ("response_code", Self.string("403")),
      ("response_code_details", Self.string("rbac_access_denied_matched_policy[none]")),
      ("authority", Self.string("ledger.tools")),
    ]
    let result = try read(
      Self.export([Self.record(attributes: attributes)]), options: AccessLogOptions())
    let (key, _) = try #require(result.requests.first)
    #expect(key.outcome == .denied)
    #expect(key.pathTemplate == "/v1/b")
    #expect(key.format == "istio-json")
  }

  @Test func bodyOfMembersCountsAsLabels() throws {
    let list = Self.labels.map { Self.attribute($0.0, $0.1) }.joined(separator: ",")
    let record =
      #"{"timeUnixNano":1795487854316024000,"body":{"kvlistValue":{"values":[\#(list)]}}}"#
    let result = try read(Self.export([record]))
    #expect(result.counts.read == 1)
    #expect(result.requests.keys.first?.pathTemplate == "/v1/real")
  }

  @Test func labelsThatNobodyKnowsAreRejected() throws {
    let result = try read(
      Self.export([Self.record(attributes: [("http.route", Self.string("/x"))])]))
    #expect(result.counts.rejected == 1)
    #expect(result.counts.read == 0)
  }

  @Test func labelTwiceIsAmbiguousAndNoEvidence() throws {
    let twice = Self.labels + [("code", #"{"intValue":"403"}"#)]
    let result = try read(Self.export([Self.record(attributes: twice)]))
    #expect(result.counts.read == 0)
    #expect(result.counts.rejected == 1)
  }

  @Test func recordWithoutATimeIsRejected() throws {
    let result = try read(Self.export([Self.record(attributes: Self.labels, time: "0")]))
    #expect(result.counts.rejected == 1)
  }

  static let three = [
    export([record(body: body), record(attributes: labels)]),
    export([record(attributes: labels, time: "1795487854999000000")], pod: "ledger-2"),
  ]

  /// Pretty-printed by Foundation, which sorts no keys here and adds white space everywhere.
  static func pretty(_ text: String) throws -> String {
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let data = try JSONSerialization.data(
      withJSONObject: object, options: [.prettyPrinted, .sortedKeys])
    return String(decoding: data, as: UTF8.self)
  }

  @Test(arguments: [1, 13, 1 << 16])
  func layoutOfExportsChangesNothing(block: Int) throws {
    let byLine = scan(Self.three.joined(separator: "\n") + "\n", options: Self.options)
    #expect(byLine.counts.read == 3)
    let layouts = [
      Self.three.joined(separator: "\n") + "\n",
      Self.three.joined(),
      "[" + Self.three.joined(separator: ",\n") + "]\n",
      try Self.three.map { try Self.pretty($0) }.joined(separator: "\n"),
      try Self.pretty("[" + Self.three.joined(separator: ",") + "]"),
    ]
    for layout in layouts {
      let result = try read(layout, block: block)
      #expect(result.requests == byLine.requests)
      #expect(result.counts.rejected == 0)
      #expect(result.counts.unterminated == 0)
    }
  }

  @Test func linesBetweenExportsAreReadToo() throws {
    let text = Self.body.replacing("\\\"", with: "\"").replacing("\\n", with: "")
    let json =
      #"{"start_time":"2026-11-20T02:37:34.316Z","method":"GET","path":"/x","response_code":200}"#
    let mixed = [Self.three[0], text, json, Self.three[1], "", text].joined(separator: "\n") + "\n"
    let result = try read(mixed, block: 5)
    #expect(result.counts.read == 6)
    #expect(result.counts.rejected == 0)
  }

  @Test func cutExportCountsItsWholeRecordsAndSaysThatOneIsCut() throws {
    let whole = Self.three[0]
    let first = try #require(whole.range(of: ",{\"timeUnixNano\""))
    let cut = String(whole[..<first.lowerBound]) + #",{"timeUnixNano":"1795"#
    let result = try read(cut)
    #expect(result.counts.read == 1)
    #expect(result.counts.unterminated == 1)
    #expect(result.counts.rejected == 0)
  }

  @Test func exportOfManyMegabytesOnOneLineIsRead() throws {
    let record = Self.record(body: Self.body, attributes: Self.labels)
    let result = try read(Self.export(Array(repeating: record, count: 4_000)))
    #expect(result.counts.read == 4_000)
    #expect(result.counts.tooLong == 0)
  }
}
