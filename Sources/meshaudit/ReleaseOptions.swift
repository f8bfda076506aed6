import ArgumentParser

/// The releases of the meshes, where the manifests do not show them.
struct ReleaseOptions: ParsableArguments {
  @Option(help: "Istio's release; without it, what the manifests show.")
  var istioVersion: String?

  @Option(help: "Linkerd's release; without it, what the manifests show.")
  var linkerdVersion: String?
}
