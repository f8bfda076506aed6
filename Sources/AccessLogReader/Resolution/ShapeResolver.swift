import MeshModel

/// Says who called whom, as far as the evidence in a shape goes.
///
/// The order of strength is that of spec istio 6.3: ztunnel's identity, the peer's URI SAN, XFCC,
/// filter state, the proxy that wrote the line, names of clusters and SNI, addresses.
struct ShapeResolver {
  /// What a shape means.
  struct Meaning {
    var key: ObservedRequestKey
    /// The workload whose proxy wrote the line.
    var writer: WorkloadID?
  }

  let directory: TrafficDirectory
  let owner: WorkloadID?
  let unknownAddress: AccessLogOptions.UnknownAddress
  private var shared: [String: String] = [:]
  private var days: [Int: String] = [:]
  private var clusters: [String: (service: ServiceHost?, target: TrafficDirectory.ServiceTarget?)] =
    [:]
  private var podNames: [String: WorkloadID?]?

  init(
    directory: TrafficDirectory, owner: WorkloadID?,
    unknownAddress: AccessLogOptions.UnknownAddress
  ) {
    self.directory = directory
    self.owner = owner
    self.unknownAddress = unknownAddress
  }

  mutating func meaning(of shape: ShapeReader, format: LineFormat) -> Meaning {
    var meaning: Meaning
    switch format.dialect {
    case .envoy: meaning = envoyMeaning(shape, format)
    case .ztunnel: meaning = ztunnelMeaning(shape, format)
    case .linkerd: meaning = linkerdMeaning(shape, format)
    }
    share(&meaning.key.source)
    share(&meaning.key.destination)
    meaning.key.method = share(meaning.key.method)
    meaning.key.pathTemplate = share(meaning.key.pathTemplate)
    meaning.key.deniedBy = share(meaning.key.deniedBy)
    return meaning
  }

  /// A key with what every dialect fills alike.
  mutating func key(_ shape: ShapeReader, _ format: LineFormat) -> ObservedRequestKey {
    let isTCP = shape.marks.contains(.isTCP)
    return ObservedRequestKey(
      day: dayText(shape.day), side: .server, source: ObservedParty(),
      destination: ObservedParty(), port: nil,
      protocolName: isTCP ? "tcp" : shape.marks.contains(.hasGRPCStatus) ? "grpc" : "http",
      method: shape.text(.method).map(ShapeResolver.knownMethod),
      pathTemplate: shape.text(.path),
      responseClass: isTCP ? "tcp" : shape.codeDigit == 0 ? "none" : "\(shape.codeDigit)xx",
      outcome: .allowed, deniedBy: nil, identitySource: .none,
      isPathTrusted: shape.marks.contains(.isPathTrusted), isMTLS: nil, format: format.name)
  }

  /// The workload of an identity, when it is the only one with it.
  func workload(principal: String?) -> WorkloadID? {
    guard let principal, let workloads = directory.workloadsByPrincipal[principal],
      workloads.count == 1
    else { return nil }
    return workloads[0]
  }

  /// The workload of a pod's address.
  func workload(address: String) -> WorkloadID? {
    if let workload = directory.workloadsByAddress[address] { return workload }
    guard let canonical = IPAddress(address)?.description, canonical != address else { return nil }
    return directory.workloadsByAddress[canonical]
  }

  /// The workload of a pod, by `namespace/name` or by its name alone when that is unique.
  mutating func workload(pod: String?) -> WorkloadID? {
    guard let pod else { return nil }
    if pod.utf8.contains(UInt8(ascii: "/")) { return directory.workloadsByPod[pod] }
    if podNames == nil {
      var names: [String: WorkloadID?] = [:]
      for (pod, workload) in directory.workloadsByPod {
        let name = String(
          pod[(pod.firstIndex(of: "/").map(pod.index(after:)) ?? pod.startIndex)...])
        if let known = names[name], known != workload {
          names[name] = .some(nil)
        } else {
          names[name] = workload
        }
      }
      podNames = names
    }
    return podNames?[pod] ?? nil
  }

  /// The workload whose proxy wrote the line: the pod that a wrapper names, or the file's owner.
  mutating func writingWorkload(_ shape: ShapeReader) -> WorkloadID? {
    guard let name = shape.text(.pod) else { return owner }
    guard let namespace = shape.text(.podNamespace) else { return workload(pod: name) ?? owner }
    return AccessLogOwner.workload(pod: name, namespace: namespace, in: directory) ?? owner
  }

  /// Workload and port behind a service, when exactly one workload is.
  func target(of service: ServiceHost) -> TrafficDirectory.ServiceTarget? {
    guard let port = service.port, let (name, namespace) = service.service else { return nil }
    let targets = directory.serviceTargets[
      TrafficDirectory.ServiceAddress(namespace: namespace, name: name, port: port)]
    guard let targets, let first = targets.first,
      targets.allSatisfy({ $0.workload == first.workload })
    else { return nil }
    return first
  }

  /// The service that a cluster of Envoy's is named by, and its only workload; each is looked up once.
  mutating func named(by cluster: String) -> (
    service: ServiceHost?, target: TrafficDirectory.ServiceTarget?
  ) {
    if let known = clusters[cluster] { return known }
    if clusters.count > 100_000 { clusters.removeAll() }
    let service = ServiceHost(cluster: cluster)
    let found = (service: service, target: service.flatMap(target(of:)))
    clusters[cluster] = found
    return found
  }

  /// A caller that no manifest knows, as far as the options let it be kept.
  func unknownParty(address: String) -> ObservedParty {
    switch unknownAddress {
    case .omit: return ObservedParty()
    case .keep: return ObservedParty(host: IPAddress(address)?.description ?? address)
    case .pseudonym(let names):
      // What is no address may be anything that a caller sent.
      guard let parsed = IPAddress(address) else { return ObservedParty() }
      return ObservedParty(host: names.name(of: parsed.description))
    case .network:
      guard let parsed = IPAddress(address) else { return ObservedParty() }
      let base =
        parsed.family == .v4
        ? IPAddress(family: .v4, high: 0, low: parsed.low & ~0xFF)
        : IPAddress(family: .v6, high: parsed.high & ~0xFFFF, low: 0)
      return ObservedParty(
        host: AddressRange(base: base, prefixLength: parsed.family == .v4 ? 24 : 48).description)
    }
  }

  private mutating func dayText(_ day: Int) -> String {
    if let text = days[day] { return text }
    let text = UTCTime(seconds: Int64(day) * 86_400).dayText
    days[day] = text
    return text
  }

  /// One copy of every text.
  private mutating func share(_ text: String?) -> String? {
    guard let text else { return nil }
    if let known = shared[text] { return known }
    if shared.count > 100_000 { shared.removeAll() }
    shared[text] = text
    return text
  }

  private mutating func share(_ party: inout ObservedParty) {
    party.principal = share(party.principal)
    party.host = share(party.host)
  }

  /// A registered method (IANA HTTP Method Registry) as it is; any other token is the caller's
  /// invention and becomes `{other}`.
  static func knownMethod(_ method: String) -> String {
    registeredMethods.contains(method) ? method : "{other}"
  }

  private static let registeredMethods: Set<String> = [
    "ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "CONNECT", "COPY", "DELETE", "GET",
    "HEAD", "LABEL", "LINK", "LOCK", "MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL",
    "MKREDIRECTREF", "MKWORKSPACE", "MOVE", "OPTIONS", "ORDERPATCH", "PATCH", "POST", "PRI",
    "PROPFIND", "PROPPATCH", "PUT", "QUERY", "REBIND", "REPORT", "SEARCH", "TRACE", "UNBIND",
    "UNCHECKOUT", "UNLINK", "UNLOCK", "UPDATE", "UPDATEREDIRECTREF", "VERSION-CONTROL",
  ]
}
