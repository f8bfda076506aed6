import MeshModel

/// A request as the proxy's route matching sees it.
///
/// Absent parts are nil.
struct InboundRequest {
  let method: String?
  /// Without port and in lower case.
  let host: String?
  /// Without query.
  let path: String?
  let query: [(name: String, value: String)]
  let headers: [String: String]

  /// - Parameter needs: what is going to be compared; host and query are not made otherwise.
  init(_ http: AccessRequest.HTTP, needs: InboundServer.Needs = [.host, .query]) {
    method = http.method
    host = needs.contains(.host) ? http.host.map(InboundRequest.bareHost) : nil
    headers = http.headers
    guard let target = http.path, let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else {
      path = http.path
      query = []
      return
    }
    path = String(target[..<mark])
    query = needs.contains(.query) ? FormText.pairs(target[target.index(after: mark)...]) : []
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
    case .exact(let text): return path.hasSameBytes(as: text) ? text.utf8.count : nil
    case .prefix(let prefix):
      guard path.hasPrefixBytes(of: prefix) else { return nil }
      let count = prefix.utf8.count
      let continues = path.withBytes { $0.count == count || $0[count] == UInt8(ascii: "/") }
      return continues ? max(count, 1) : nil
    case .regex(let regex): return regex.matchesWhole(path) ? path.utf8.count : nil
    }
  }

  func matches(_ text: String) -> Bool {
    switch self {
    case .exact(let wanted): text.hasSameBytes(as: wanted)
    case .prefix(let prefix): text.hasPrefixBytes(of: prefix)
    case .regex(let regex): regex.matchesWhole(text)
    }
  }
}

/// One match of a rule, ready to be tried; a reference for the same reason as `InboundServer`.
final class InboundMatch: Sendable {
  struct Named: Sendable {
    var name: String
    var value: InboundTextMatch
  }

  let path: InboundTextMatch?
  let method: String?
  let headers: [Named]
  let queryParameters: [Named]
  /// Set for GRPCRoutes; nil parts match every service or method.
  let grpc: (service: String?, method: String?)?
  /// What it was made of, for facts.
  let source: GatewayAPIRoute.Match?

  init(
    path: InboundTextMatch? = nil, method: String? = nil, headers: [Named] = [],
    queryParameters: [Named] = [], grpc: (service: String?, method: String?)? = nil,
    source: GatewayAPIRoute.Match? = nil
  ) {
    self.path = path
    self.method = method
    self.headers = headers
    self.queryParameters = queryParameters
    self.grpc = grpc
    self.source = source
  }

  /// Parts of a request without which the match cannot be tried.
  func needs(isGRPC: Bool) -> InboundServer.Needs {
    var needs: InboundServer.Needs = queryParameters.isEmpty ? [] : .query
    if isGRPC {
      if grpc != nil { needs.formUnion([.path, .method]) }
    } else {
      if let path, !path.matchesEverything { needs.insert(.path) }
      if method != nil { needs.insert(.method) }
    }
    return needs
  }

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
