/// The Istio kinds, and the mesh configuration.
package struct IstioResources: Sendable {
  package init() {}
}
