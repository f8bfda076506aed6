/// What a workload's proxy records of the calls that it serves, and whether it records those that it makes.
package struct WorkloadTelemetryFact: Hashable, Sendable {
  package var workload: WorkloadID
  /// Whether the server side writes an access log; nil when it cannot be known from the manifests.
  package var hasServerLog: Bool?
  /// The text format, or the JSON labels as canonical text; nil for the proxy's default format.
  package var logFormat: String?
  /// `TEXT` or `JSON`, nil without a log.
  package var logEncoding: String?
  /// A CEL expression; what it excludes is not logged.
  package var logFilter: String?
  /// Where the log goes, `/dev/stdout` or a collector's service.
  package var logSink: String?
  /// Whether the calls that the workload makes are logged by its own proxy; nil when that cannot be known.
  package var hasClientLog: Bool?
  /// A CEL expression for the calls that it makes; what it excludes is not logged.
  package var clientLogFilter: String?
  package var clientLogDecidedBy: String?
  package var isTraced: Bool
  /// Per cent of the requests that are traced, nil without tracing.
  package var samplingPercentage: Double?
  /// What set the log, as messages name it: `Telemetry istio-system/mesh-default`, `MeshConfig
  /// accessLogFile`, `mesh default`.
  package var logDecidedBy: String
  package var tracingDecidedBy: String
  package var location: SourceLocation

  package init(
    workload: WorkloadID, hasServerLog: Bool?, logFormat: String? = nil,
    logEncoding: String? = nil, logFilter: String? = nil, logSink: String? = nil,
    isTraced: Bool = false, samplingPercentage: Double? = nil, logDecidedBy: String,
    tracingDecidedBy: String, location: SourceLocation
  ) {
    self.workload = workload
    self.hasServerLog = hasServerLog
    self.logFormat = logFormat
    self.logEncoding = logEncoding
    self.logFilter = logFilter
    self.logSink = logSink
    self.isTraced = isTraced
    self.samplingPercentage = samplingPercentage
    self.logDecidedBy = logDecidedBy
    self.tracingDecidedBy = tracingDecidedBy
    self.location = location
  }
}
