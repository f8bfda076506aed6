package import MeshModel

extension IstioMesh {
  /// The servers of all classic Gateways, in the order of the inputs.
  ///
  /// A Gateway selects pods of every namespace (`PILOT_SCOPE_GATEWAY_TO_NAMESPACE` is false by
  /// default); without a mode its TLS is PASSTHROUGH, without a minimum it is TLS 1.2 (Istio API
  /// `networking.istio.io/v1 ServerTLSSettings`).
  package func gatewayServerFacts() -> [GatewayServerFact] {
    istio.gateways.flatMap { gateway in
      let selected =
        gateway.selector.isEmpty
        ? []
        : endpoints.map(\.value).filter { endpoint in
          gateway.selector.allSatisfy { endpoint.labels[$0.key] == $0.value }
        }.compactMap(\.workload).sorted()
      return gateway.servers.map { server in
        GatewayServerFact(
          gateway: gateway.reference, port: server.port, protocolName: server.protocolName,
          hosts: server.hosts.map(\.value), tlsMode: server.effectiveTLSMode,
          minimumProtocolVersion: server.effectiveTLSMode.map { _ in
            let written = server.tls?.minimumProtocolVersion?.value
            return written == nil || written == "TLS_AUTO" ? "TLSV1_2" : written ?? "TLSV1_2"
          }, redirectsToHTTPS: server.tls?.redirectsToHTTPS ?? false,
          credentialNames: server.tls?.credentialNames.map(\.value) ?? [], workloads: selected,
          location: server.location)
      }
    }
  }
}
