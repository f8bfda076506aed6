/// What a line of an access log may say; every format's reader fills the same fields.
///
/// The names follow Envoy's access log operators; the readers of other proxies use the nearest one
/// (ztunnel's `src.identity` is `peerSAN`).
enum LogField: Int, CaseIterable {
  case method
  /// `%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%`: the caller may have chosen it.
  case loggedPath
  case protocolName
  case flags
  case details
  case termination
  case authority
  /// `%REQ(X-REQUEST-ID)%`: the caller may have chosen it.
  case requestID
  case upstreamHost
  case upstreamLocalAddress
  case cluster
  case localAddress
  case remoteAddress
  case sni
  /// `%REQ(:PATH)%`: what policy was evaluated on.
  case path
  case directRemoteAddress
  case peerSAN
  case localSAN
  case upstreamPeerSAN
  case upstreamLocalSAN
  case forwardedClientCertificate
  case peerPrincipalState
  case tlsVersion
  case grpcStatus
  /// Name and namespace of the pod that wrote the line, from a wrapper.
  case pod
  case podNamespace
  /// `namespace/name` of the pods at the two ends, as ztunnel says.
  case sourcePod
  case destinationPod
  /// The host name of the service that was called, as ztunnel says.
  case service

  /// Istio's default formats have the fields before this one.
  static let firstBesidesDefaults = LogField.path

  @inline(__always)
  var bit: UInt32 { 1 << UInt32(rawValue) }
}
