/// An operator of an Envoy access log format string, `%REQ(:METHOD)%`.
///
/// Names and arguments: Envoy documentation, Access logging › Command operators. Newer versions also
/// spell `REQ` as `REQUEST_HEADER` and `RESP` as `RESPONSE_HEADER` (v1.37).
struct EnvoyOperator: Hashable, Sendable {
  var meaning: FieldMeaning
  var field: LogField
  /// Whether the value can hold no space, whoever wrote the request (spec access-logs 1.2 and 1.4).
  var isSolid: Bool

  private static let unused = EnvoyOperator(meaning: .unused, field: .method, isSolid: false)
  private static let unusedSolid = EnvoyOperator(meaning: .unused, field: .method, isSolid: true)

  init(meaning: FieldMeaning, field: LogField, isSolid: Bool) {
    self.meaning = meaning
    self.field = field
    self.isSolid = isSolid
  }

  /// What is between the percent signs.
  init(_ text: String) {
    var name = text
    var argument: String?
    var isShortened = false
    if let open = name.firstIndex(of: "(") {
      let rest = name[name.index(after: open)...]
      if let close = rest.lastIndex(of: ")") {
        argument = String(rest[..<close])
        isShortened = rest[rest.index(after: close)...].hasPrefix(":")
      }
      name = String(name[..<open])
    } else if let colon = name.firstIndex(of: ":") {
      isShortened = true
      name = String(name[..<colon])
    }
    self = EnvoyOperator.operator(name, argument?.lowercased(), argument)
    // A value cut to a length may be a part of the identity or path it claims to be.
    if isShortened, meaning == .field { self.meaning = .unused }
  }

  private static func `operator`(
    _ name: String, _ argument: String?, _ exact: String?
  ) -> EnvoyOperator {
    func solid(_ field: LogField) -> EnvoyOperator {
      EnvoyOperator(meaning: .field, field: field, isSolid: true)
    }
    func loose(_ field: LogField) -> EnvoyOperator {
      EnvoyOperator(meaning: .field, field: field, isSolid: false)
    }
    func number(_ meaning: FieldMeaning) -> EnvoyOperator {
      EnvoyOperator(meaning: meaning, field: .method, isSolid: true)
    }
    switch name {
    case "START_TIME":
      guard let exact, !exact.isEmpty else { return number(.time) }
      return readableTimes.contains(exact) ? number(.time) : unused
    case "REQ", "REQUEST_HEADER", "REQ_WITHOUT_QUERY":
      switch argument {
      case ":method": return solid(.method)
      case ":path": return solid(.path)
      case "x-envoy-original-path?:path": return solid(.loggedPath)
      case ":authority": return solid(.authority)
      case ":scheme": return unusedSolid
      case "x-forwarded-client-cert": return loose(.forwardedClientCertificate)
      case "x-request-id": return loose(.requestID)
      default: return unused
      }
    case "PATH":
      switch argument {
      case "wq:path", "nq:path", "wq", "nq": return solid(.path)
      default: return solid(.loggedPath)
      }
    case "RESP", "RESPONSE_HEADER":
      return argument == "x-envoy-upstream-service-time" ? unusedSolid : unused
    case "FILTER_STATE":
      guard argument?.hasPrefix("io.istio.peer_principal") == true else { return unused }
      return loose(.peerPrincipalState)
    case "PROTOCOL": return solid(.protocolName)
    case "RESPONSE_CODE": return number(.code)
    case "RESPONSE_FLAGS": return solid(.flags)
    case "RESPONSE_CODE_DETAILS": return solid(.details)
    case "CONNECTION_TERMINATION_DETAILS": return solid(.termination)
    case "BYTES_RECEIVED": return number(.bytesReceived)
    case "BYTES_SENT": return number(.bytesSent)
    case "DURATION": return number(.duration)
    case "UPSTREAM_HOST": return solid(.upstreamHost)
    case "UPSTREAM_CLUSTER", "UPSTREAM_CLUSTER_RAW": return solid(.cluster)
    case "DOWNSTREAM_LOCAL_ADDRESS": return solid(.localAddress)
    case "DOWNSTREAM_REMOTE_ADDRESS": return solid(.remoteAddress)
    case "DOWNSTREAM_DIRECT_REMOTE_ADDRESS": return solid(.directRemoteAddress)
    case "REQUESTED_SERVER_NAME": return solid(.sni)
    case "DOWNSTREAM_PEER_URI_SAN": return solid(.peerSAN)
    case "DOWNSTREAM_LOCAL_URI_SAN": return solid(.localSAN)
    case "UPSTREAM_PEER_URI_SAN": return solid(.upstreamPeerSAN)
    case "UPSTREAM_LOCAL_URI_SAN": return solid(.upstreamLocalSAN)
    case "DOWNSTREAM_TLS_VERSION": return solid(.tlsVersion)
    case "GRPC_STATUS", "GRPC_STATUS_NUMBER": return solid(.grpcStatus)
    case "UPSTREAM_LOCAL_ADDRESS": return solid(.upstreamLocalAddress)
    case "UPSTREAM_TRANSPORT_FAILURE_REASON", "ROUTE_NAME",
      "UPSTREAM_REMOTE_ADDRESS", "UPSTREAM_HOST_NAME", "RESPONSE_DURATION", "REQUEST_DURATION",
      "RESPONSE_TX_DURATION", "REQUEST_TX_DURATION", "CONNECTION_ID", "STREAM_ID",
      "DOWNSTREAM_TLS_CIPHER", "DOWNSTREAM_PEER_FINGERPRINT_256", "DOWNSTREAM_PEER_SERIAL",
      "UPSTREAM_TLS_VERSION", "UPSTREAM_TLS_CIPHER", "UPSTREAM_WIRE_BYTES_SENT",
      "UPSTREAM_WIRE_BYTES_RECEIVED", "DOWNSTREAM_WIRE_BYTES_SENT",
      "DOWNSTREAM_WIRE_BYTES_RECEIVED", "DOWNSTREAM_LOCAL_PORT", "DOWNSTREAM_REMOTE_PORT",
      "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT", "DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT",
      "DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT", "UPSTREAM_REQUEST_ATTEMPT_COUNT",
      "ACCESS_LOG_TYPE", "HOSTNAME", "UNIQUE_ID", "TRACE_ID":
      return unusedSolid
    case "DOWNSTREAM_PEER_CERT_V_START", "DOWNSTREAM_PEER_CERT_V_END",
      "UPSTREAM_PEER_CERT_V_START", "UPSTREAM_PEER_CERT_V_END":
      return exact?.contains(" ") == true ? unused : unusedSolid
    default: return unused
    }
  }

  /// Formats of `%START_TIME(…)%` that `LogTimeReader` understands.
  private static let readableTimes: Set<String> = [
    "%s", "%s.%3f", "%s.%6f", "%s.%9f", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%3fZ",
    "%Y-%m-%dT%H:%M:%S.%6fZ", "%Y-%m-%dT%H:%M:%S.%9fZ", "%FT%TZ", "%FT%T.%3fZ", "%FT%T.%6fZ",
  ]
}
