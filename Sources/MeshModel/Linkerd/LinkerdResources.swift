/// The Linkerd kinds, and the control plane's configuration.
package struct LinkerdResources: Sendable {
  package init() {}
}
