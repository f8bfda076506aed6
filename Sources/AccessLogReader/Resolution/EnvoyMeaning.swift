import MeshModel

extension ShapeResolver {
  /// What a line of Envoy's means (Istio sidecars, gateways and waypoints).
  mutating func envoyMeaning(_ shape: ShapeReader, _ format: LineFormat) -> Meaning {
    var key = key(shape, format)
    let denial = EnvoyDenial(shape)
    let writer = writingWorkload(shape)
    let cluster = shape.text(.cluster)
    let local = shape.text(.localAddress).flatMap(SocketAddress.init)
    let remote = shape.text(.remoteAddress).flatMap(SocketAddress.init)
    key.side = side(shape, cluster, denial, writer, local, remote)

    if let denial {
      key.outcome = .denied
      key.deniedBy = denial.policy
    } else if !EnvoyOutcome.reachedApplication(shape, format, cluster) {
      key.outcome = .failed
    }

    switch key.side {
    case .server:
      resolveServer(&key, shape, format, cluster, writer, local, remote)
      let isWaypoint = cluster?.hasPrefix("inbound-vip|") == true
      return Meaning(key: key, writer: writer ?? (isWaypoint ? nil : key.destination.workload))
    case .client:
      resolveClient(&key, shape, cluster, writer, local, remote)
      return Meaning(key: key, writer: writer ?? key.source.workload)
    }
  }

  /// Which side wrote the line (spec istio 6.3): the cluster says it, and otherwise what only an
  /// inbound listener logs.
  ///
  /// Decision: a line that does not say is taken for the client's, which is the weaker evidence.
  private func side(
    _ shape: ShapeReader, _ cluster: String?, _ denial: EnvoyDenial?, _ writer: WorkloadID?,
    _ local: SocketAddress?, _ remote: SocketAddress?
  ) -> ObservedRequestKey.Side {
    // A proxy names the policy only where it refused itself: at a gateway even before an outbound
    // cluster.
    if denial != nil { return .server }
    if let cluster {
      if cluster.hasPrefix("inbound") || cluster.hasPrefix("InboundPassthrough") { return .server }
      if cluster.hasPrefix("outbound|") || cluster == "PassthroughCluster"
        || cluster == "BlackHoleCluster"
      {
        return .client
      }
    }
    if !shape[.peerSAN].isEmpty || !shape[.localSAN].isEmpty
      || !shape[.forwardedClientCertificate].isEmpty || !shape[.peerPrincipalState].isEmpty
      || shape[.sni].hasPrefix("outbound_.") || shape[.details].hasPrefix("filter_chain_not_found")
    {
      return .server
    }
    if let port = local?.port, [15_006, 15_008, 15_020, 15_021, 15_090].contains(port) {
      return .server
    }
    if let writer {
      if let local, workload(address: local.address) == writer { return .server }
      if let remote, workload(address: remote.address) == writer { return .client }
    }
    return .client
  }

  private mutating func resolveServer(
    _ key: inout ObservedRequestKey, _ shape: ShapeReader, _ format: LineFormat,
    _ cluster: String?, _ writer: WorkloadID?, _ local: SocketAddress?, _ remote: SocketAddress?
  ) {
    // Where to.
    let isWaypoint = cluster?.hasPrefix("inbound-vip|") == true
    let service =
      (isWaypoint ? cluster.flatMap(ServiceHost.init(cluster:)) : nil)
      ?? shape.text(.sni).flatMap(ServiceHost.init(sni:))
    let target = service.flatMap(target(of:))
    let localPrincipal = ShapeResolver.principal(shape.text(.localSAN))
    if !isWaypoint {
      key.destination.principal = localPrincipal
      key.destination.workload =
        writer ?? workload(principal: localPrincipal)
        ?? local.flatMap { workload(address: $0.address) }
    }
    key.destination.workload = key.destination.workload ?? target?.workload
    if key.destination.workload == nil {
      // The pod's own address says who was called; the host is the caller's word.
      let address = unknownAddress == .keep && !isWaypoint ? local?.address : nil
      key.destination.host =
        address ?? service?.host
        ?? shape.text(.authority).map { ServiceHost(authority: $0).host }
    }
    let inboundPort = cluster.flatMap { cluster -> Int? in
      guard cluster.hasPrefix("inbound|") else { return nil }
      return Int(cluster.dropFirst("inbound|".count).prefix { $0 != "|" })
    }
    let localPort = local?.port.flatMap { [15_006, 15_008, 15_001].contains($0) ? nil : $0 }
    key.port =
      isWaypoint
      ? target?.containerPort ?? service?.port
      : inboundPort ?? localPort ?? target?.containerPort ?? service?.port

    // From whom.
    let candidates: [(LogField, IdentitySource)] = [
      (.peerSAN, .peerURISAN), (.forwardedClientCertificate, .xfcc),
      (.peerPrincipalState, .filterState),
    ]
    // Envoy logs the peer's certificate even when it refused it: a handshake with a certificate of
    // another authority leaves a connection without bytes and its SAN (Envoy 1.40, tried).
    let isHandshake = shape.marks.contains(.isTCP) && key.outcome == .failed
    for (field, source) in candidates where !isHandshake {
      guard let principal = ShapeResolver.principal(shape.text(field)) else { continue }
      key.source = ObservedParty(principal: principal, workload: workload(principal: principal))
      key.identitySource = source
      break
    }
    // Several workloads may share an identity; the address then says which one, if it is one of them.
    if let remote, !shape.marks.contains(.isAddressClaimed) {
      let known = workload(address: remote.address)
      if let principal = key.source.principal {
        if key.source.workload == nil, let known,
          directory.workloadsByPrincipal[principal]?.contains(known) == true
        {
          key.source.workload = known
        } else if let known, key.source.workload != known,
          let firstDay = directory.firstWholeDays[remote.address], firstDay <= key.day
        {
          // The pod had the address before that day began: the call came from it, whoever it says it is.
          key.source.workload = known
        }
      } else if let known {
        key.source = ObservedParty(workload: known)
        key.identitySource = .address
      } else {
        key.source = unknownParty(address: remote.address)
      }
    }

    // Over mutual TLS?
    if isHandshake {
      key.isMTLS = nil
    } else if key.source.principal != nil {
      key.isMTLS = true
    } else if format.has(.peerSAN) {
      key.isMTLS = false
    } else if shape[.sni].hasPrefix("outbound_.") {
      // Istio's own SNI is sent with mesh mutual TLS only (spec istio 6.3).
      key.isMTLS = true
    }
  }

  private mutating func resolveClient(
    _ key: inout ObservedRequestKey, _ shape: ShapeReader, _ cluster: String?,
    _ writer: WorkloadID?, _ local: SocketAddress?, _ remote: SocketAddress?
  ) {
    // From whom: the line is the caller's own proxy's.
    let ownPrincipal = ShapeResolver.principal(shape.text(.upstreamLocalSAN))
    let caller = remote.flatMap { address in
      shape.marks.contains(.isAddressClaimed) ? nil : workload(address: address.address)
    }
    if let workload = writer ?? workload(principal: ownPrincipal) {
      key.source = ObservedParty(principal: ownPrincipal, workload: workload)
      key.identitySource = .ownProxy
    } else if let ownPrincipal {
      key.source = ObservedParty(principal: ownPrincipal, workload: caller)
      key.identitySource = .ownProxy
    } else if let caller {
      key.source = ObservedParty(workload: caller)
      key.identitySource = .address
    }

    // Where to: the peer's certificate, the pod that was chosen, the service.
    let peer = ShapeResolver.principal(shape.text(.upstreamPeerSAN))
    if peer != nil { key.isMTLS = true }
    key.destination.principal = peer
    let (service, target) = cluster.map { named(by: $0) } ?? (nil, nil)
    let upstream = shape.text(.upstreamHost).flatMap(SocketAddress.init)
    let pod = upstream.flatMap { workload(address: $0.address) }
    key.destination.workload = pod ?? target?.workload ?? workload(principal: peer)
    if pod != nil {
      key.port = upstream?.port
    } else {
      key.port = target?.containerPort ?? service?.port ?? upstream?.port ?? local?.port
    }
    if key.destination.workload == nil {
      key.destination.host =
        service?.host ?? shape.text(.authority).map { ServiceHost(authority: $0).host }
        ?? upstream?.address
    }
    if key.identitySource == .none, service != nil { key.identitySource = .clusterName }
  }

  /// A SPIFFE ID out of a field.
  ///
  /// Several URIs are joined by commas (Envoy, access log operators); then the only SPIFFE ID among
  /// them counts, for a certificate with two of them is no SVID (X509-SVID section 2).
  static func principal(_ text: String?) -> String? {
    guard let text else { return nil }
    var found: String?
    for part in text.split(separator: ",") {
      let trimmed = part.drop { $0 == " " }
      guard SPIFFEID(String(trimmed)) != nil else { continue }
      if found != nil { return nil }
      found = String(trimmed)
    }
    return found
  }
}
