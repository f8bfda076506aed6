import AccessAnalysis
import AccessLogReader
import MeshModel

/// The access log formats that the inputs declare besides the meshes' defaults.
enum LogFormats {
  /// Formats of the command line first, then those of Telemetry and MeshConfig, each once.
  static func formats(of access: AccessModel, declared: [String]) throws(PipelineError)
    -> [AccessLogFormat]
  {
    var formats: [AccessLogFormat] = []
    func add(_ format: AccessLogFormat?) {
      if let format, !formats.contains(format) { formats.append(format) }
    }
    for text in declared {
      guard let format = compiled(text) else {
        throw PipelineError(
          .usage, "the log format cannot be read: no %START_TIME% or no request in it",
          hint: "give the format string of the proxy, as text or as a JSON object")
      }
      add(format)
    }
    // What is sent to a log service is no format of lines.
    for fact in access.telemetryFacts() where fact.logEncoding != nil {
      add(fact.logFormat.flatMap(compiled))
    }
    for config in access.inventory.istio.meshConfigs {
      if !config.accessLogFormat.isEmpty { add(compiled(config.accessLogFormat)) }
      for provider in config.extensionProviders {
        add(provider.logFormatText.flatMap { compiled($0.value) })
        add(
          provider.logFormatLabels.flatMap {
            AccessLogFormat(
              jsonText: $0.canonicalText, hasTime: provider.kind != .openTelemetryLogs)
          })
      }
    }
    return formats
  }

  private static func compiled(_ text: String) -> AccessLogFormat? {
    let isJSON = text.drop { $0.isWhitespace }.first == "{"
    return isJSON ? AccessLogFormat(jsonText: text) : AccessLogFormat(text: text)
  }
}
