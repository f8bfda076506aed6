/// Decoders of the Gateway API kinds.
enum GatewayDecoders {
  static let all: [any ResourceDecoder.Type] = [
    GatewayAPIGatewayDecoder.self, GatewayAPIRouteDecoder.self,
  ]
}
