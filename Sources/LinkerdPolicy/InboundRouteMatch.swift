import MeshModel

/// A request as the proxy's route matching sees it.
///
/// Absent parts are nil.
struct InboundRequest {
  var method: String?
  /// Without port and in lower case.
  var host: String?
  /// Without query.
  var path: String?
  var query: [(name: String, value: String)] = []
  var headers: [String: String] = [:]

  init(_ http: AccessRequest.HTTP) {
    method = http.method
    host = http.host.map(InboundRequest.bareHost)
    headers = http.headers
    if let target = http.path {
      let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
      path = String(parts[0])
      if parts.count == 2 { query = FormText.pairs(parts[1]) }
    }
  }

  /// The host of an authority: no port, lower case.
  static func bareHost(_ authority: String) -> String {
    var host = authority[...]
    if let colon = host.lastIndex(of: ":"),
      host[host.index(after: colon)...].utf8.allSatisfy({ (48...57).contains($0) })
    {
      host = host[..<colon]
    }
    return host.lowercased()
  }
}

/// Decodes `application/x-www-form-urlencoded` text (WHATWG URL, section 5.1), as the proxy does
/// with queries.
enum FormText {
  static func pairs(_ text: Substring) -> [(name: String, value: String)] {
    text.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (decoded(parts[0]), parts.count == 2 ? decoded(parts[1]) : "")
    }
  }

  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "+") {
        bytes.append(UInt8(ascii: " "))
      } else if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// How well a match fits; the greatest wins and equal ones go to the first route of the list
/// (linkerd2-proxy v2.366.0, http/route/src/http/match.rs and grpc/match.rs).
struct MatchRank: Comparable {
  /// 0 without hosts, 1 suffix, 2 exact.
  var hostKind = 0
  var hostLength = 0
  /// Length of what matched of the path; of the service for gRPC.
  var pathLength = 0
  /// Length of the method's name; gRPC only.
  var grpcMethodLength = 0
  var headerCount = 0
  var queryCount = 0
  var hasMethod = false

  private var key: (Int, Int, Int, Int, Int) {
    (hostKind, hostLength, pathLength, grpcMethodLength, headerCount)
  }

  static func < (left: MatchRank, right: MatchRank) -> Bool {
    if left.key != right.key { return left.key < right.key }
    return (left.queryCount, left.hasMethod ? 1 : 0) < (right.queryCount, right.hasMethod ? 1 : 0)
  }
}

/// A text and how it must look.
enum InboundTextMatch: Sendable {
  case exact(String)
  /// Without its trailing slash; `/` is the empty text.
  case prefix(String)
  case regex(LinkerdRegex)

  /// How many bytes of a path matched, nil without a match.
  ///
  /// A prefix is compared by segments and `/` counts one (linkerd2-proxy v2.366.0,
  /// http/route/src/http/match/path.rs).
  func matchedLength(ofPath path: String) -> Int? {
    switch self {
    case .exact(let text): return path == text ? text.utf8.count : nil
    case .prefix(let prefix):
      guard path.utf8.starts(with: prefix.utf8) else { return nil }
      let rest = path.utf8.dropFirst(prefix.utf8.count)
      guard rest.isEmpty || rest.first == UInt8(ascii: "/") else { return nil }
      return max(prefix.utf8.count, 1)
    case .regex(let regex): return regex.matchesWhole(path) ? path.utf8.count : nil
    }
  }

  func matches(_ text: String) -> Bool {
    switch self {
    case .exact(let wanted): text == wanted
    case .prefix(let prefix): text.hasPrefix(prefix)
    case .regex(let regex): regex.matchesWhole(text)
    }
  }
}

/// One match of a rule, ready to be tried.
struct InboundMatch: Sendable {
  struct Named: Sendable {
    var name: String
    var value: InboundTextMatch
  }

  var path: InboundTextMatch?
  var method: String?
  var headers: [Named] = []
  var queryParameters: [Named] = []
  /// Set for GRPCRoutes; nil parts match every service or method.
  var grpc: (service: String?, method: String?)?
  /// What it was made of, for facts.
  var source: GatewayAPIRoute.Match?

  /// The rank of the match, nil where it does not match.
  ///
  /// Parts that a request lacks do not match.
  func rank(_ request: InboundRequest, isGRPC: Bool) -> MatchRank? {
    var rank = MatchRank()
    if isGRPC {
      guard rankGRPC(request, &rank) else { return nil }
    } else {
      if let path {
        // What matches every path needs none; the length is that of "/".
        guard let text = request.path ?? (path.matchesEverything ? "/" : nil),
          let length = path.matchedLength(ofPath: text)
        else { return nil }
        rank.pathLength = length
      }
      if let method {
        guard request.method == method else { return nil }
        rank.hasMethod = true
      }
    }
    for header in headers {
      guard let value = request.headers[header.name], header.value.matches(value) else {
        return nil
      }
    }
    for parameter in queryParameters {
      guard
        request.query.contains(where: {
          $0.name == parameter.name && parameter.value.matches($0.value)
        })
      else { return nil }
    }
    rank.headerCount = headers.count
    rank.queryCount = queryParameters.count
    return rank
  }

  /// gRPC calls are `POST /{service}/{method}` (linkerd2-proxy v2.366.0,
  /// http/route/src/grpc/match.rs).
  private func rankGRPC(_ request: InboundRequest, _ rank: inout MatchRank) -> Bool {
    guard let grpc else { return true }  // Only in a policy that is invalid as a whole.
    guard request.method == "POST", let path = request.path else { return false }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].isEmpty else { return false }
    if let service = grpc.service {
      guard parts[1] == service else { return false }
      rank.pathLength = service.utf8.count
    }
    if let method = grpc.method {
      guard parts[2] == method else { return false }
      rank.grpcMethodLength = method.utf8.count
    }
    return true
  }
}

/// A host that a route names, ready to be compared.
enum InboundHost: Sendable {
  case exact(String)
  /// Without `*`: `.example.com`.
  case suffix(String)

  init(_ text: String) {
    let text = text.lowercased()
    self = text.hasPrefix("*.") ? .suffix(String(text.dropFirst())) : .exact(text)
  }

  /// Kind and length for `MatchRank`; a dot at the end of the request's host counts only where the
  /// route has one too (linkerd2-proxy v2.366.0, http/route/src/http/match/host.rs).
  func rank(_ host: String) -> (kind: Int, length: Int)? {
    switch self {
    case .exact(let wanted):
      let bare = wanted.hasSuffix(".") ? host : InboundHost.withoutDot(host)
      return bare == wanted ? (2, wanted.utf8.count) : nil
    case .suffix(let suffix):
      let bare = suffix.hasSuffix(".") ? host : InboundHost.withoutDot(host)
      return bare.hasSuffix(suffix) && bare != suffix ? (1, suffix.utf8.count) : nil
    }
  }

  private static func withoutDot(_ host: String) -> String {
    host.hasSuffix(".") ? String(host.dropLast()) : host
  }
}
