/// The Gateway API kinds.
package struct GatewayResources: Sendable {
  package init() {}
}
