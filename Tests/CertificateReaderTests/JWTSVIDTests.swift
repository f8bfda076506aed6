import Foundation
import MeshModel
import Testing

@testable import CertificateReader

@Suite struct JWTSVIDTests {
  private static let planner = "spiffe://prod.example/ns/agents/sa/planner"

  private func token(_ header: String, _ claims: String) -> String {
    [header, claims, "signature"].map {
      Data($0.utf8).base64EncodedString().replacingOccurrences(of: "+", with: "-")
        .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }.joined(separator: ".")
  }

  private func read(_ text: String) -> (CertificateInventory, [Diagnostic]) {
    let sink = DiagnosticSink()
    let inventory = CertificateReader.read(Array(text.utf8), path: "token.jwt", into: sink)
    return (inventory, sink.diagnostics)
  }

  @Test(
    arguments: [
      (#"{"alg":"ES256","kid":"1","typ":"JWT"}"#, #""aud":["a"],"exp":2000"#, []),
      (#"{"alg":"PS512","typ":"JOSE"}"#, #""aud":"a","exp":2000.5"#, []),
      (#"{"alg":"ES256","jku":"https://keys"}"#, #""aud":["a"],"exp":2000"#, [.header]),
      (#"{"alg":"none"}"#, #""aud":["a"],"exp":2000"#, [.algorithm]),
      (#"{"alg":"HS256"}"#, #""aud":["a"],"exp":2000"#, [.algorithm]),
      (#"{"kid":"1"}"#, #""aud":["a"],"exp":2000"#, [.algorithm]),
      (#"{"alg":"ES256","typ":"at+jwt"}"#, #""aud":["a"],"exp":2000"#, [.type]),
      (#"{"alg":"ES256"}"#, #""aud":[],"exp":2000"#, [.audience]),
      (#"{"alg":"ES256"}"#, #""exp":2000"#, [.audience]),
      (#"{"alg":"ES256"}"#, #""aud":["a"]"#, [.expiry]),
    ] as [(String, String, [JWTSVID.Requirement])])
  func namesTheRequirementsThatATokenBreaks(
    _ header: String, _ claims: String, _ failed: [JWTSVID.Requirement]
  ) throws {
    let (inventory, _) = read(token(header, #"{"sub":"\#(Self.planner)",\#(claims)}"#))
    let svid = try #require(inventory.tokens.first)
    #expect(svid.failed == failed)
    #expect(svid.subject == Self.planner)
  }

  @Test func theSubjectHasToBeASPIFFEID() throws {
    for subject in ["alice", "spiffe://prod.example/a//b", ""] {
      let (inventory, _) = read(
        token(#"{"alg":"ES256"}"#, #"{"sub":"\#(subject)","aud":"a","exp":1}"#))
      #expect(try #require(inventory.tokens.first).failed == [.subject])
    }
  }

  @Test func nothingOfTheTokenIsShown() {
    let text = token(#"{"alg":"ES256"}"#, #"{"sub":"\#(Self.planner)","aud":"a","exp":1}"#)
    let (inventory, diagnostics) = read(text)
    #expect(diagnostics.map(\.code) == ["token-in-inventory"])
    let shown = diagnostics.map(\.description).joined() + String(describing: inventory.tokens)
    for part in text.split(separator: ".") { #expect(!shown.contains(part)) }
  }

  @Test func tokensStandOneALine() {
    let one = token(#"{"alg":"ES256"}"#, #"{"sub":"\#(Self.planner)","aud":"a","exp":1}"#)
    let (inventory, diagnostics) = read("\(one)\r\n\n  \(one)\neyJ.x\n")
    #expect(inventory.tokens.map(\.location.line) == [1, 3])
    #expect(
      diagnostics.map(\.code) == ["token-in-inventory", "token-in-inventory", "token-unreadable"])
    #expect(diagnostics.last?.location?.line == 4)
  }

  @Test func readsWhatAnAgentFetches() {
    let one = token(#"{"alg":"ES256","kid":"k"}"#, #"{"sub":"\#(Self.planner)","aud":"a","exp":1}"#)
    let bundle = Data(#"{"keys":[{"use":"jwt-svid","kty":"EC"}]}"#.utf8).base64EncodedString()
    let (inventory, diagnostics) = read(
      """
      [{"svids": [{"hint": "", "spiffe_id": "\(Self.planner)", "svid": "\(one)"}]},
       {"bundles": {"prod.example": "\(bundle)"}}]
      """)
    #expect(inventory.tokens.map(\.keyID) == ["k"])
    #expect(inventory.bundleKeys.map(\.trustDomain) == ["prod.example"])
    #expect(inventory.bundleKeys.map(\.defects) == [[.keyIDMissing]])
    #expect(diagnostics.map(\.code) == ["token-in-inventory", "spiffe-bundle-key"])
  }

  @Test(arguments: ["eyJ", "eyJhbGciOiJFUzI1NiJ9", "a.b.c", "GET /eyJ.a.b HTTP/1.1"])
  func otherTextIsNoToken(_ text: String) {
    #expect(CertificateReader.recognises(Array(text.utf8)) != .jwtSVIDs)
  }
}
