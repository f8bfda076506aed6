/// From what a log line's source was known, strongest first (spec access-logs 1.3 and 6.3).
package enum IdentitySource: String, Hashable, Sendable, CaseIterable {
  case ztunnel
  /// Envoy `%DOWNSTREAM_PEER_URI_SAN%` on the server side.
  case peerURISAN = "peer-uri-san"
  /// Last element of `x-forwarded-client-cert`.
  case xfcc
  /// Envoy filter state `io.istio.peer_principal`.
  case filterState = "filter-state"
  case linkerd
  /// A label of a proxy's counter that holds the peer's verified identity: `source_principal` of
  /// Istio's server side, `client_id` of Linkerd's.
  case counter
  /// Client and server line of one request, joined by request id.
  case requestPair = "request-pair"
  /// The line was written by the source's own proxy: known from the file's path, the pod's metadata
  /// or the proxy's own certificate (client side).
  case ownProxy = "own-proxy"
  /// Service names in the upstream cluster or SNI: says where to, not from whom.
  case clusterName = "cluster-name"
  /// A pod's address that the manifests know; addresses can be forged and reused.
  case address
  /// The span above in a trace; which one that is, applications say.
  case trace
  case none

  /// Whether the identity was verified by the mesh, so that it can be evidence.
  package var isVerified: Bool {
    switch self {
    case .ztunnel, .peerURISAN, .xfcc, .filterState, .linkerd, .counter: true
    case .requestPair, .ownProxy, .clusterName, .address, .trace, .none: false
    }
  }
}

/// One side of an observed call: as much as the evidence says.
package struct ObservedParty: Hashable, Sendable {
  /// SPIFFE URI or Linkerd DNS name.
  package var principal: String?
  package var workload: WorkloadID?
  /// A host name (a service or an external host) when no workload is known.
  package var host: String?

  package init(principal: String? = nil, workload: WorkloadID? = nil, host: String? = nil) {
    self.principal = principal
    self.workload = workload
    self.host = host
  }
}

/// What identifies one row of `observed_request`: all requests of one day that agree in this.
package struct ObservedRequestKey: Hashable, Sendable {
  /// Which side wrote the line.
  package enum Side: String, Hashable, Sendable {
    case server
    case client
  }

  /// How the request ended, as far as access is concerned.
  package enum Outcome: String, Hashable, Sendable {
    case allowed
    /// Refused by mesh policy (not by the application).
    case denied
    /// Never reached the application for another reason.
    case failed
  }

  /// UTC day, `2026-11-24`.
  package var day: String
  package var side: Side
  package var source: ObservedParty
  package var destination: ObservedParty
  package var port: Int?
  /// `http`, `grpc` or `tcp`.
  package var protocolName: String
  package var method: String?
  /// Without query; identifiers replaced by `{id}`, what is personal by `{email}` or `{token}`; ends
  /// in `{*}` where a destination has too many different paths to keep.
  package var pathTemplate: String?
  /// `2xx`, `4xx`, …, `none` for an HTTP request without a response, `tcp`, or `unknown` where a counter
  /// does not tell.
  package var responseClass: String
  package var outcome: Outcome
  /// The policy id that the proxy named when it refused; nil when no ALLOW policy matched.
  ///
  /// `ext_authz_denied` and `jwt_authn_access_denied` stand for Envoy's filters of these names.
  package var deniedBy: String?
  package var identitySource: IdentitySource
  /// Whether the logged path is the one that policy was evaluated on.
  package var isPathTrusted: Bool
  /// Nil when the line does not say.
  package var isMTLS: Bool?
  /// The format of the line, for example `istio-text`.
  package var format: String
  /// What showed the call; follows from the format.
  package var evidence: TrafficEvidence

  package init(
    day: String, side: Side, source: ObservedParty, destination: ObservedParty, port: Int?,
    protocolName: String, method: String?, pathTemplate: String?, responseClass: String,
    outcome: Outcome, deniedBy: String?, identitySource: IdentitySource, isPathTrusted: Bool,
    isMTLS: Bool?, format: String, evidence: TrafficEvidence = .log
  ) {
    self.day = day
    self.side = side
    self.source = source
    self.destination = destination
    self.port = port
    self.protocolName = protocolName
    self.method = method
    self.pathTemplate = pathTemplate
    self.responseClass = responseClass
    self.outcome = outcome
    self.deniedBy = deniedBy
    self.identitySource = identitySource
    self.isPathTrusted = isPathTrusted
    self.isMTLS = isMTLS
    self.format = format
    self.evidence = evidence
  }
}

extension ObservedRequestKey {
  /// Hashes what tells most keys apart; the other members have few values, or follow from these.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(day)
    hasher.combine(source)
    hasher.combine(destination)
    hasher.combine(port)
    hasher.combine(method)
    hasher.combine(pathTemplate)
    hasher.combine(responseClass)
  }
}

/// What is added up for one key; sums add, times take the minimum and maximum, so that parts merge in
/// any order.
package struct ObservedRequestSum: Hashable, Sendable {
  package var count: Int
  package var firstSeen: UTCTime
  package var lastSeen: UTCTime
  package var bytesReceived: Int64
  package var bytesSent: Int64
  package var latency: LatencyHistogram
  /// Of the requests, those of which the other side's line is counted, too.
  package var pairedCount: Int

  package init(
    count: Int, firstSeen: UTCTime, lastSeen: UTCTime, bytesReceived: Int64 = 0,
    bytesSent: Int64 = 0, latency: LatencyHistogram = LatencyHistogram(), pairedCount: Int = 0
  ) {
    self.count = count
    self.firstSeen = firstSeen
    self.lastSeen = lastSeen
    self.bytesReceived = bytesReceived
    self.bytesSent = bytesSent
    self.latency = latency
    self.pairedCount = pairedCount
  }

  package mutating func add(_ other: ObservedRequestSum) {
    count += other.count
    firstSeen = min(firstSeen, other.firstSeen)
    lastSeen = max(lastSeen, other.lastSeen)
    bytesReceived = ObservedRequestSum.sum(bytesReceived, other.bytesReceived)
    bytesSent = ObservedRequestSum.sum(bytesSent, other.bytesSent)
    latency.add(other.latency)
    pairedCount += other.pairedCount
  }

  /// A sum of no requests between the times of this one.
  package var none: ObservedRequestSum {
    ObservedRequestSum(count: 0, firstSeen: firstSeen, lastSeen: lastSeen)
  }

  /// Takes away requests that are among those that were added up; times stay as they are.
  package mutating func subtract(_ other: ObservedRequestSum) {
    count -= min(count, other.count)
    bytesReceived = max(0, bytesReceived - other.bytesReceived)
    bytesSent = max(0, bytesSent - other.bytesSent)
    latency.subtract(other.latency)
    pairedCount -= min(pairedCount, other.pairedCount)
  }

  /// The sum of two numbers of bytes; the greatest number where it would not fit, for a log may say
  /// anything.
  @inlinable
  package static func sum(_ left: Int64, _ right: Int64) -> Int64 {
    let (sum, overflows) = left.addingReportingOverflow(right)
    return overflows ? .max : sum
  }
}
