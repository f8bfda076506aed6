import Testing

@testable import LinkerdPolicy

@Suite struct LinkerdRegexTests {
  @Test(arguments: [
    ("/foo/\\d+", "/foo/42", true), ("/foo/\\d+", "/foo/42x", false),
    ("/foo/\\d+", "/x/foo/42", false), ("/a|/a/b", "/a/b", false), ("/a/b|/a", "/a/b", true),
    ("/v1/search(/.*)?", "/v1/search", true), ("/v1/search(/.*)?", "/v1/search/x/y", true),
    ("/v1/search(/.*)?", "/v1/searching", false), (".*", "", true), (".*?", "abc", false),
    ("g.*", "gold", true), ("[a-c]{2,3}", "abca", false), ("[^/]+", "a/b", false),
    ("(?i)GOLD", "gold", true), ("^/x$", "/x", true), ("(?:ab)+", "ababab", true),
    ("a{0}", "", true), ("(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", false),
    ("[[:digit:]]+", "123", true), ("\\.x", ".x", true), ("(?P<n>x)y", "xy", true),
    ("a\\b.c", "a-c", true), ("(a|ab)(c|bcd)", "abcd", true), ("x.y", "x\ny", false),
    ("\u{1F600}+", "\u{1F600}\u{1F600}", true),
  ])
  func matchesLikeTheProxy(pattern: String, text: String, expected: Bool) throws {
    #expect(try LinkerdRegex(pattern).matchesWhole(text) == expected)
  }

  @Test(arguments: ["(", "a)", "[a", "*a", "a{2", "(?=x)", "\\1", "a{3,2}", "[z-a]", "(?<!x)"])
  func refusesWhatTheProxyRefuses(pattern: String) {
    #expect(throws: LinkerdRegex.Failure.invalid) { try LinkerdRegex(pattern) }
  }

  @Test(arguments: ["\\p{L}", "[a&&b]", "(?x)a", "a{5000}"])
  func saysWhatItDoesNotSupport(pattern: String) {
    #expect(throws: LinkerdRegex.Failure.unsupported) { try LinkerdRegex(pattern) }
  }
}
