package import MeshModel

extension IstioMesh {
  /// What each workload's proxy logs and traces of the calls that it serves (Istio
  /// pilot/pkg/model/telemetry.go, telemetry_logging.go), sorted by workload.
  package func telemetryFacts() -> [WorkloadTelemetryFact] {
    let index = TelemetryIndex(
      istio.telemetries, rootNamespace: config.rootNamespace,
      appliesSelectorsToGateways: controlPlane.appliesSelectorsToGateways)
    var seen: Set<WorkloadID> = []
    return workloads.filter { seen.insert($0.id).inserted }.map { fact(of: $0, index) }
      .sorted { $0.workload < $1.workload }
  }

  private func fact(of workload: Workload, _ index: TelemetryIndex) -> WorkloadTelemetryFact {
    let dataplane = dataplane(of: workload)
    switch dataplane.dataplane {
    case .none, .linkerd:
      return WorkloadTelemetryFact(
        workload: workload.id, hasServerLog: false, logDecidedBy: dataplane.reason,
        tracingDecidedBy: dataplane.reason, location: workload.location)
    case .ambient:
      // ztunnel logs every connection at level info and knows no Telemetry (ztunnel README).
      var fact = WorkloadTelemetryFact(
        workload: workload.id, hasServerLog: true, logEncoding: "TEXT", logSink: "/dev/stdout",
        logDecidedBy: "ztunnel default", tracingDecidedBy: "ztunnel does not trace",
        location: workload.location)
      fact.hasClientLog = true
      fact.clientLogDecidedBy = "ztunnel default"
      return fact
    case .sidecar, .gateway, .waypoint: break
    }
    let side: IstioTelemetry.Side = dataplane.dataplane == .sidecar ? .server : .client
    let applicable = index.telemetries(of: workload, dataplane: dataplane.dataplane)
    var fact = WorkloadTelemetryFact(
      workload: workload.id, hasServerLog: false, logDecidedBy: "mesh default",
      tracingDecidedBy: "mesh default", location: workload.location)
    decideLog(applicable, side, &fact)
    decideClientLog(applicable, &fact)
    decideTracing(applicable, side, &fact)
    return fact
  }

  private func decideLog(
    _ telemetries: [IstioTelemetry], _ side: IstioTelemetry.Side,
    _ fact: inout WorkloadTelemetryFact
  ) {
    let isConfigured = telemetries.contains { !$0.accessLogging.isEmpty }
    let merged = LoggingMerge(
      telemetries, defaults: config.defaultAccessLogProviders.map(\.value), side: side)
    if isConfigured || !config.defaultAccessLogProviders.isEmpty {
      for provider in merged.enabled {
        guard let sink = logSink(provider.name) else { continue }
        fact.hasServerLog = true
        fact.logFilter = provider.filter?.value
        fact.logFormat = sink.format
        fact.logEncoding = sink.encoding
        fact.logSink = sink.place
        fact.logDecidedBy = provider.decidedBy
        if let location = provider.location { fact.location = location }
        return
      }
    }
    // Without providers of its own, also when Telemetry disables them all, a proxy falls back to
    // MeshConfig accessLogFile.
    fact.hasServerLog = !config.accessLogFile.isEmpty
    if config.accessLogFile.isEmpty {
      fact.logDecidedBy =
        merged.lastDecision?.decidedBy
        ?? (config.source == .defaults ? "mesh default" : "MeshConfig accessLogFile")
      if let location = merged.lastDecision?.location ?? config.place(of: "accessLogFile") {
        fact.location = location
      }
      return
    }
    fact.logFormat = config.accessLogFormat.isEmpty ? nil : config.accessLogFormat
    fact.logEncoding = config.accessLogEncoding
    fact.logSink = config.accessLogFile
    fact.logDecidedBy = "MeshConfig accessLogFile"
    if let location = config.place(of: "accessLogFile") { fact.location = location }
  }

  private func decideClientLog(
    _ telemetries: [IstioTelemetry], _ fact: inout WorkloadTelemetryFact
  ) {
    let isConfigured = telemetries.contains { !$0.accessLogging.isEmpty }
    let merged = LoggingMerge(
      telemetries, defaults: config.defaultAccessLogProviders.map(\.value), side: .client)
    if isConfigured || !config.defaultAccessLogProviders.isEmpty,
      let provider = merged.enabled.first(where: { logSink($0.name) != nil })
    {
      fact.hasClientLog = true
      fact.clientLogFilter = provider.filter?.value
      fact.clientLogDecidedBy = provider.decidedBy
      return
    }
    fact.hasClientLog = !config.accessLogFile.isEmpty
    fact.clientLogDecidedBy =
      config.accessLogFile.isEmpty
      ? merged.lastDecision?.decidedBy
        ?? (config.source == .defaults ? "mesh default" : "MeshConfig accessLogFile")
      : "MeshConfig accessLogFile"
  }

  /// Where a provider's log goes and in which format; nil when the provider keeps no access log.
  private func logSink(_ name: String) -> (place: String?, format: String?, encoding: String?)? {
    guard
      let provider = config.extensionProviders.first(where: {
        $0.name.value.lowercased() == name.lowercased()
      })
    else {
      // Built in: the mesh-wide format to standard output.
      guard name.lowercased() == "envoy" else { return nil }
      return (
        "/dev/stdout", config.accessLogFormat.isEmpty ? nil : config.accessLogFormat,
        config.accessLogEncoding
      )
    }
    switch provider.kind {
    case .fileAccessLog:
      let path = provider.path ?? "/dev/stdout"
      if let labels = provider.logFormatLabels { return (path, labels.canonicalText, "JSON") }
      if let text = provider.logFormatText { return (path, text.value, "TEXT") }
      if name.lowercased() == "envoy" {
        return (
          path, config.accessLogFormat.isEmpty ? nil : config.accessLogFormat,
          config.accessLogEncoding
        )
      }
      return (path, nil, "TEXT")
    case .openTelemetryLogs:
      return (provider.service?.value, IstioMesh.recordFormat(of: provider), nil)
    case .httpAccessLogService, .tcpAccessLogService: return (provider.service?.value, nil, nil)
    default: return nil
    }
  }

  /// What records of OpenTelemetry have: the text, or Istio's default text, as their body, and the labels as
  /// attributes besides (Istio pilot/pkg/model/telemetry_logging.go `openTelemetryLog`).
  private static func recordFormat(of provider: IstioMeshConfig.ExtensionProvider) -> String {
    let text = provider.logFormatText.flatMap { $0.value.isEmpty ? nil : $0.value }
    var members = [JSONValue.Member("body", .string(text ?? IstioLogFormat.text))]
    if let labels = provider.logFormatLabels { members.append(.init("attributes", labels)) }
    return JSONValue.object(members).canonicalText
  }

  private func decideTracing(
    _ telemetries: [IstioTelemetry], _ side: IstioTelemetry.Side,
    _ fact: inout WorkloadTelemetryFact
  ) {
    var provider = config.defaultTracingProviders.first?.value
    var isDisabled = false
    var sampling: Double?
    for telemetry in telemetries {
      for entry in telemetry.tracing where entry.side == .both || entry.side == side {
        if let name = entry.providers.first { provider = name.value }
        if let value = entry.isDisabled { isDisabled = value }
        if let value = entry.samplingPercentage { sampling = value }
        fact.tracingDecidedBy = telemetry.reference.text
      }
    }
    if provider == nil, config.enablesTracing, config.hasTracer {
      provider = "defaultConfig.tracing"
      if sampling == nil { fact.tracingDecidedBy = "MeshConfig enableTracing" }
    }
    fact.isTraced = provider != nil && !isDisabled
    // 1 per cent unless said otherwise (Istio docs › Distributed Tracing › Configure trace
    // sampling).
    if fact.isTraced { fact.samplingPercentage = sampling ?? config.defaultSampling ?? 1 }
  }
}
