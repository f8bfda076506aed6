/// The Gateway API kinds.
package struct GatewayResources: Sendable {
  package var gateways: [GatewayAPIGateway] = []
  /// Routes of every kind and of both groups, `gateway.networking.k8s.io` and `policy.linkerd.io`.
  package var routes: [GatewayAPIRoute] = []

  package init() {}
}
