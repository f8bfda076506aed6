import Testing

@testable import MeshModel

@Suite struct SPIFFEIDTests {
  @Test(arguments: [
    ("spiffe://example.org", "example.org", ""), ("spiffe://example.org/a", "example.org", "/a"),
    ("spiffe://cluster.local/ns/a/sa/b", "cluster.local", "/ns/a/sa/b"),
    ("spiffe://a_b-c.1/X.y_z-9", "a_b-c.1", "/X.y_z-9"), ("spiffe://t/...", "t", "/..."),
    ("spiffe://t/.hidden", "t", "/.hidden"),
  ])
  func validIDsAreRead(text: String, trustDomain: String, path: String) throws {
    let id = try #require(SPIFFEID(text))
    #expect(id.trustDomain == trustDomain)
    #expect(id.path == path)
    #expect(id.description == text)
  }

  /// SPIFFE-ID sections 2.1 to 2.4.
  @Test(arguments: [
    ("", "spiffe://"), ("http://a/b", "spiffe://"), ("SPIFFE://a/b", "spiffe://"),
    ("spiffe:/a", "spiffe://"), ("spiffe://", "trust domain is empty"),
    ("spiffe:///a", "trust domain is empty"),
    ("spiffe://Example.org/a", "trust domain has a character"),
    ("spiffe://a:8443/b", "trust domain has a character"),
    ("spiffe://u@a/b", "trust domain has a character"),
    ("spiffe://a%20b/c", "trust domain has a character"),
    ("spiffe://é/a", "trust domain has a character"),
    ("spiffe://a?x", "trust domain has a character"), ("spiffe://a/b?x=1", "path has a character"),
    ("spiffe://a/b#c", "path has a character"), ("spiffe://a/b%2F", "path has a character"),
    ("spiffe://a/é", "path has a character"), ("spiffe://a/b*", "path has a character"),
    ("spiffe://a/", "empty segment"), ("spiffe://a/b/", "empty segment"),
    ("spiffe://a//b", "empty segment"), ("spiffe://a/./b", "\".\" or \"..\""),
    ("spiffe://a/b/..", "\".\" or \"..\""), (" spiffe://a/b", "spiffe://"),
    ("spiffe://a/b ", "path has a character"), ("spiffe://a/b\u{0}", "path has a character"),
  ])
  func defectsAreNamed(text: String, words: String) throws {
    #expect(SPIFFEID(text) == nil)
    #expect(try #require(SPIFFEID.defect(in: text)).contains(words))
  }

  @Test func lengthsAreBounded() {
    let domain = String(repeating: "a", count: 255)
    #expect(SPIFFEID("spiffe://\(domain)/b") != nil)
    #expect(SPIFFEID.defect(in: "spiffe://\(domain)a/b")?.contains("255") == true)
    let prefix = "spiffe://a/"
    #expect(SPIFFEID(prefix + String(repeating: "b", count: 2048 - prefix.utf8.count)) != nil)
    #expect(
      SPIFFEID.defect(in: prefix + String(repeating: "b", count: 2049 - prefix.utf8.count))?
        .contains("2,048") == true)
  }

  @Test func istioIdentities() {
    let id = SPIFFEID.istio(trustDomain: "cluster.local", namespace: "agents", serviceAccount: "")
    #expect(id.description == "spiffe://cluster.local/ns/agents/sa/default")
    #expect(id.istioServiceAccount?.namespace == "agents")
    #expect(id.istioServiceAccount?.name == "default")
    #expect(
      SPIFFEID.istio(trustDomain: "a@b", namespace: "n", serviceAccount: "s").trustDomain == "a.b")
    for path in ["", "/ns/a/sa", "/ns/a/sa/b/c", "/NS/a/sa/b", "/ns/a/pod/b", "/x/ns/a/sa/b"] {
      #expect(SPIFFEID(trustDomain: "t", path: path).istioServiceAccount == nil, "\(path)")
    }
  }
}
