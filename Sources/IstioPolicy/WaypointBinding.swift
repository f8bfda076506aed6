/// The waypoint that traffic to an ambient workload goes through.
struct WaypointBinding: Sendable {
  /// `namespace/name` of the Gateway.
  var name: String
  /// The waypoint's proxy as destination for the service.
  var httpChain: Int32 = 0
  var tcpChain: Int32 = 0
  var attached: [Int32]
  /// The policies that guard the waypoint itself where HBONE ends, and their chain; empty unless
  /// istiod layers them.
  var terminationChain: Int32 = 0
  var attachedToTermination: [Int32] = []
  /// The identity that the workload sees.
  var principal: String
  /// The service that binds it, nil when the workload itself does.
  var service: String?
  /// Container port to service port, which is what rules see at a waypoint.
  var servicePorts: [Int: Int]
  var protocols: [Int: PortProtocol]
  /// Why decisions of the waypoint cannot be proven.
  var unprovenReason: String?
}

/// One of the ways that connections from the mesh take to an ambient workload.
struct AmbientPath: Sendable {
  /// Which connections take it, as the subject of a sentence.
  var traffic: String
  /// Nil goes straight to the pod.
  var waypoint: WaypointBinding?
}
