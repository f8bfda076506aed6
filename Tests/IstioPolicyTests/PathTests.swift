import MeshModel
import Testing

@testable import IstioPolicy

/// Paths: templates and normalisation.
@Suite struct PathTests {
  @Test(arguments: [
    ("/allow/admin/{**}", "/allow/admin/", true), ("/allow/admin/{**}", "/allow/admin", false),
    ("/allow/admin/{**}", "/allow/admin/a/b", true), ("/foo/{*}/bar/{**}", "/foo/x/bar/", true),
    ("/foo/{*}/bar/{**}", "/foo//bar/bat.txt", false),
    ("/foo/{*}/bar/{**}", "/foo/x/y/bar/bat.txt", false),
    ("/store/{**}/cart", "/store//cart", true), ("/store/{**}/cart", "/store/cart", false),
    ("/store/{**}/cart", "/store/a/b/cart", true), ("/store/{**}/cart", "/store/a=b/cart", false),
    ("/v1/{*}", "/v1/a*b", false), ("/v1/{*}", "/v1/a~%20b", true),
  ])
  func templatesMatchAsEnvoyReadsThem(template: String, path: String, expected: Bool) {
    #expect(PathPattern(template).matches(path) == expected)
  }

  @Test(arguments: [
    (IstioMeshConfig.PathNormalization.base, "/a/../b", "/b"), (.base, "/a/./b/", "/a/b/"),
    (.base, "/a\\b", "/a/b"), (.base, "//a", "//a"), (.base, "/%61dmin", "/admin"),
    (.base, "/a%2Fb", "/a%2Fb"), (.none, "/a/../b?q", "/a/../b"),
    (.mergeSlashes, "//a///b", "/a/b"),
    (.decodeAndMergeSlashes, "/a%2f%2Fb", "/a/b"), (.decodeAndMergeSlashes, "/a%5Cb", "/a/b"),
    (.byDefault, "/a?x#y", "/a"), (.base, "/../../a", "/a"), (.base, "/a/..", "/"),
  ])
  func pathsAreNormalisedAsMeshConfigSays(
    mode: IstioMeshConfig.PathNormalization, path: String, expected: String
  ) {
    #expect(RequestPath.normalized(path, mode) == expected)
  }

  @Test(arguments: [
    ("1.27.8", false, false), ("1.27.9", true, false), ("1.28.6", true, false),
    ("1.28.7", true, true), ("1.29.2-distroless", true, false), ("1.29.3", true, true),
    ("1.30.0", true, true), ("1.31", true, true),
  ])
  func fixesAreKnownByRelease(text: String, accounts: Bool, identities: Bool) {
    let version = IstioVersion(text)
    #expect(version?.escapesServiceAccounts == accounts)
    #expect(version?.escapesIdentities == identities)
  }
}
