/// A format that lines of a file were found to have.
struct LineFormat: Hashable, Sendable {
  /// Whose vocabulary the fields are in.
  enum Dialect: Hashable, Sendable {
    case envoy
    case ztunnel
    case linkerd
  }

  /// The name that `observed_request` and `input` carry, `istio-text`.
  var name: String
  var dialect: Dialect
  /// Bits of the fields that lines of this format carry when there is a value.
  var fields: UInt32

  func has(_ field: LogField) -> Bool { fields & field.bit != 0 }

  static let istioFields =
    LogField.method.bit | LogField.loggedPath.bit | LogField.protocolName.bit | LogField.flags.bit
    | LogField.details.bit | LogField.termination.bit | LogField.authority.bit
    | LogField.upstreamHost.bit | LogField.cluster.bit | LogField.localAddress.bit
    | LogField.remoteAddress.bit | LogField.sni.bit

  static let istioText = LineFormat(name: "istio-text", dialect: .envoy, fields: istioFields)
  static let istioJSON = LineFormat(name: "istio-json", dialect: .envoy, fields: istioFields)
  static let ztunnelText = LineFormat(name: "ztunnel-text", dialect: .ztunnel, fields: 0)
  static let ztunnelJSON = LineFormat(name: "ztunnel-json", dialect: .ztunnel, fields: 0)
  static let linkerdApache = LineFormat(name: "linkerd-apache", dialect: .linkerd, fields: 0)
  static let linkerdJSON = LineFormat(name: "linkerd-json", dialect: .linkerd, fields: 0)
}
