import DocumentReader
import MeshModel

/// Reads JWT-SVIDs: `spire-agent api fetch jwt -output json` (with the bundles that come along), or tokens
/// in JWS compact serialization (RFC 7515 7.1), one a line, as `spire-server jwt mint` prints one.
///
/// Header and claims are read, the signature is not: that a token stands among the inputs is reported, as a
/// private key would be.
enum JWTSVIDs {
  static func recognises(_ text: Substring) -> Bool {
    guard let first = text.split(whereSeparator: \.isWhitespace).first else { return false }
    return isToken(first)
  }

  static func recognises(_ root: DocumentNode) -> Bool {
    responses(of: root).contains { $0["svids"]?.items?.contains { $0["svid"] != nil } == true }
  }

  private static func responses(of root: DocumentNode) -> [DocumentNode] { root.items ?? [root] }

  /// `eyJ` is how every JSON object starts in base64.
  private static func isToken(_ text: Substring) -> Bool {
    text.hasPrefix("eyJ") && text.split(separator: ".", omittingEmptySubsequences: false).count == 3
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 48...57, 65...90, 97...122: true
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "="): true
        default: false
        }
      }
  }

  static func read(_ root: DocumentNode, into collector: inout CertificateCollector) {
    for response in responses(of: root) {
      for entry in response["svids"]?.items ?? [] {
        guard let node = entry["svid"], let token = node.string else { continue }
        read(token[...], at: node.location, into: &collector)
      }
      for bundle in response["bundles"]?.entries ?? [] {
        guard let bytes = bundle.value.string.flatMap({ Base64.decoded($0) }) else { continue }
        let documents = JSONDocuments.read(
          String(decoding: bytes, as: UTF8.self), path: bundle.value.location.path,
          into: collector.sink)
        for document in documents {
          SPIFFEBundle.read(
            document, of: bundle.key, at: bundle.value.location, into: &collector)
        }
      }
    }
  }

  static func read(_ text: String, path: String, into collector: inout CertificateCollector) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (number, line) in lines.enumerated() {
      let token = line.trimmingSpaces()
      guard !token.isEmpty else { continue }
      read(
        token[...], at: SourceLocation(path: path, line: number + 1, column: 1), into: &collector)
    }
  }

  private static func read(
    _ token: Substring, at location: SourceLocation, into collector: inout CertificateCollector
  ) {
    collector.inventory.itemCount += 1
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let header = object(parts[0]), let claims = object(parts[1]) else {
      collector.sink.report(
        .error, "token-unreadable", "a JWT-SVID that is no JWS in compact serialization",
        at: location, hint: "JWT-SVID section 5.1: three parts in base64url with dots between them")
      return
    }
    let svid = JWTSVID(
      headerMembers: (header.entries ?? []).map(\.key), algorithm: header["alg"]?.string,
      type: header["typ"]?.string, keyID: header["kid"]?.string, subject: claims["sub"]?.string,
      audiences: audiences(claims["aud"]), issuedAt: time(claims["iat"]),
      expiresAt: time(claims["exp"]), location: location)
    collector.inventory.tokens.append(svid)
    let name = svid.spiffeID.map { " of \"\($0)\"" } ?? ""
    collector.sink.report(
      .warning, "token-in-inventory",
      "a JWT-SVID\(name) stands among the inputs; only its header and claims were read",
      at: location,
      hint: "whoever reads it can use it until it ends: remove it from the inputs")
  }

  private static func object(_ part: Substring) -> DocumentNode? {
    let text = String(part.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
    guard let bytes = Base64.decoded(text) else { return nil }
    let sink = DiagnosticSink()
    let document = JSONDocuments.read(
      String(decoding: bytes, as: UTF8.self), path: "", into: sink
    ).first
    return sink.diagnostics.isEmpty && document?.entries != nil ? document : nil
  }

  /// One name or a list of them (RFC 7519 4.1.3).
  private static func audiences(_ node: DocumentNode?) -> [String] {
    (node?.items?.compactMap(\.string) ?? [node?.string].compactMap(\.self)).filter { !$0.isEmpty }
  }

  /// Seconds since 1970, maybe with a fraction (RFC 7519 section 2, NumericDate).
  private static func time(_ node: DocumentNode?) -> UTCTime? {
    guard let text = node?.scalar?.text, let seconds = Double(text), seconds.magnitude < 1e12 else {
      return nil
    }
    return UTCTime(seconds: Int64(seconds))
  }
}
