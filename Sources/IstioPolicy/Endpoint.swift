import MeshModel

/// A destination with everything that is the same for all requests to it.
struct Endpoint: Sendable {
  var workload: WorkloadID?
  var namespace: String
  var labels: [String: String]
  var dataplane: IstioDataplane
  /// Nil when the pod has no proxy, and so no identity.
  var principal: String?
  /// Policies that attach, in the order of the inputs.
  var attached: [Int32] = []
  /// Index into `IstioMesh.chains` for HTTP and TCP filter chains, or for ztunnel twice the same.
  var httpChain: Int32 = 0
  var tcpChain: Int32 = 0
  var mtls: ServerMTLS
  var ambient: AmbientMTLS?
  var protocols: [Int: PortProtocol] = [:]
  /// What a gateway's servers ask of callers, by container port.
  var gatewayPorts: [Int: GatewayServers.Port] = [:]
  /// Why decisions here cannot be proven: an EnvoyFilter or WasmPlugin on the path.
  var unprovenReason: String?
  /// The ways from the mesh to an ambient workload; empty, straight to the pod, without waypoints.
  var paths: [AmbientPath] = []
}

/// An endpoint at a fixed place, so that asking about it copies one reference and not all of its
/// fields (measured: a tenth of the time of a decision).
final class PreparedEndpoint: Sendable {
  let value: Endpoint

  init(_ value: Endpoint) { self.value = value }
}
