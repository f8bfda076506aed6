/// Whether a request got through to the application.
enum EnvoyOutcome {
  /// Response flags of requests that reached no upstream (Envoy, access log response flags): no route,
  /// connection failure, no healthy upstream, overflow, no cluster, protocol error of the caller, rate
  /// limited, injected fault, failed local health check, no filter configuration, overload, invalid
  /// headers, DNS failure.
  private static let neverReached: Set<Substring> = [
    "NR", "UF", "UH", "UO", "NC", "DPE", "RL", "RLSE", "FI", "LH", "NFCF", "OM", "IH", "DF",
  ]

  /// Whether one of the flags says that the request reached no upstream.
  static func isUnreached(flags: [Substring]) -> Bool {
    flags.contains { neverReached.contains($0) }
  }

  /// Whether the application saw the request: it answered, or Envoy had connected to it.
  static func reachedApplication(
    _ shape: ShapeReader, _ format: LineFormat, _ cluster: String?
  ) -> Bool {
    if shape[.details].equals("via_upstream") { return true }
    if cluster == "BlackHoleCluster" { return false }
    let flags = shape.text(.flags)?.split(separator: ",") ?? []
    guard !isUnreached(flags: flags) else { return false }
    // Envoy's TCP proxy connects upstream before the caller's handshake is done, so that even a refused
    // certificate leaves an upstream host (Envoy 1.40, tried): only bytes show that anything got through.
    if shape.marks.contains(.isTCP) { return shape.marks.contains(.hasBytes) }
    if format.has(.upstreamHost) { return shape.marks.contains(.hasUpstreamHost) }
    // The format does not name the upstream: an answer of the proxy's own says why.
    if format.has(.details) {
      let answers = ["direct_response", "route_not_found", "cluster_not_found", "no_healthy"]
      if let details = shape.text(.details), answers.contains(where: { details.hasPrefix($0) }) {
        return false
      }
    }
    return shape.codeDigit != 0
  }
}
