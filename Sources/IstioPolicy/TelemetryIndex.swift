import MeshModel

/// The Telemetry resources that apply to a proxy, widest first.
struct TelemetryIndex: Sendable {
  private let telemetries: [IstioTelemetry]
  private let attachment: PolicyAttachment
  private let rootNamespace: String
  private var wide: [String: Int] = [:]

  init(
    _ telemetries: [IstioTelemetry], rootNamespace: String, appliesSelectorsToGateways: Bool
  ) {
    self.telemetries = telemetries.oldestFirst()
    self.rootNamespace = rootNamespace
    attachment = PolicyAttachment(
      self.telemetries.map { ($0.namespace, $0.attachment) }, rootNamespace: "",
      appliesSelectorsToGateways: appliesSelectorsToGateways)
    for (index, telemetry) in self.telemetries.enumerated()
    where telemetry.attachment.targets.isEmpty && telemetry.attachment.selector?.isEmpty ?? true
      && wide[telemetry.namespace] == nil
    {
      wide[telemetry.namespace] = index
    }
  }

  /// Telemetry resources of a whole namespace that only their names put in order: of those without
  /// selector the first alone counts.
  static func ties(_ telemetries: [IstioTelemetry])
    -> [(taken: IstioTelemetry, left: IstioTelemetry)]
  {
    var result: [(taken: IstioTelemetry, left: IstioTelemetry)] = []
    var first: [String: IstioTelemetry] = [:]
    for telemetry in telemetries.oldestFirst()
    where telemetry.attachment.targets.isEmpty && telemetry.attachment.selector?.isEmpty ?? true {
      guard let known = first[telemetry.namespace] else {
        first[telemetry.namespace] = telemetry
        continue
      }
      if known.metadata.creationTimestamp == telemetry.metadata.creationTimestamp {
        result.append((known, telemetry))
      }
    }
    return result
  }

  /// The first without selector of the root namespace, the first of the proxy's own, then all that
  /// select the proxy; one with a selector in the root namespace selects there only (Istio
  /// pilot/pkg/model/telemetry.go `applicableTelemetries`).
  func telemetries(of workload: Workload, dataplane: Dataplane) -> [IstioTelemetry] {
    let namespace = workload.id.namespace
    let labels = workload.podLabels
    var result: [Int] = []
    if let index = wide[rootNamespace] { result.append(index) }
    if namespace != rootNamespace, let index = wide[namespace] { result.append(index) }
    let found: [Int32]
    if let name = labels[DataplaneRecognition.gatewayNameLabel] {
      found =
        dataplane == .waypoint
        ? attachment.waypoint(namespace: namespace, name: name)
        : attachment.gateway(namespace: namespace, labels: labels, name: name)
    } else {
      found = attachment.sidecar(namespace: namespace, labels: labels)
    }
    result += found.map { Int($0) }.filter { index in
      !telemetries[index].attachment.targets.isEmpty
        || telemetries[index].attachment.selector?.isEmpty == false
    }
    return result.map { telemetries[$0] }
  }
}

/// What several Telemetry resources make of access logging (Istio pilot/pkg/model/telemetry.go
/// `mergeLogs`): the last that names providers names them, later entries override earlier ones.
struct LoggingMerge {
  struct Provider {
    var name: String
    var filter: Located<String>?
    var isDisabled = false
    var decidedBy: String
    var location: SourceLocation?
  }

  private var names: [String]
  private var entries: [String: Provider] = [:]
  private(set) var lastDecision: Provider?

  init(_ telemetries: [IstioTelemetry], defaults: [String], side: IstioTelemetry.Side) {
    names = defaults
    for telemetry in telemetries {
      let logging = telemetry.accessLogging.filter { $0.side == .both || $0.side == side }
      if let last = logging.last(where: { !$0.providers.isEmpty }) {
        names = last.providers.map(\.value)
      }
      for entry in logging {
        let named = entry.providers.isEmpty ? names : entry.providers.map(\.value)
        for name in named where names.contains(name) {
          entries[name] = Provider(
            name: name, filter: entry.filter ?? entries[name]?.filter,
            isDisabled: entry.isDisabled ?? false, decidedBy: telemetry.reference.text,
            location: entry.location)
        }
        lastDecision = Provider(
          name: "", decidedBy: telemetry.reference.text, location: entry.location)
      }
    }
  }

  var enabled: [Provider] {
    names.map { entries[$0] ?? Provider(name: $0, decidedBy: "MeshConfig defaultProviders") }
      .filter { !$0.isDisabled }
  }
}
