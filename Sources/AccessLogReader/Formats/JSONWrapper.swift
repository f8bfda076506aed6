/// What is wrapped in a JSON object, or that it is ztunnel's own JSON.
///
/// A line is a string: Docker's `{"log":…}`, Fluent Bit's and Fluentd's `{"log":…,"kubernetes":{…}}`, Vector's
/// and Filebeat's `{"message":…,"kubernetes":{…}}`, Loki's `{"labels":{…},"line":…}`, stern's
/// `{"message":…,"namespace":…,"podName":…}` (its output `json`), Cloud Logging's `textPayload`. Or it is an
/// object: stern's `message` (its output `extjson`), Fluent Bit's `log_processed` (`Merge_Log_Key`), Cloud
/// Logging's `jsonPayload`, Elasticsearch's `_source`.
struct JSONWrapper {
  private(set) var content: Bytes?
  private(set) var pod = Bytes()
  private(set) var podNamespace = Bytes()
  /// Whether the content ended in a line end.
  private(set) var endsLine = false
  /// `stdout` or `stderr`, where the wrapper says it.
  private(set) var stream = Bytes()
  /// `"scope":"access"` and a direction: a line of ztunnel's.
  private(set) var isZtunnel = false

  init(_ object: borrowing JSONObjectReader) {
    var message = Bytes()
    var sternPod = Bytes()
    var sternNamespace = Bytes()
    var hasLevel = false
    var hasScope = false
    var isAccess = false
    var hasDirection = false
    for index in 0..<object.memberCount {
      let key = object.key(index)
      let value = object.value(index)
      switch true {
      case key.equals("log"), key.equals("line"), key.equals("textPayload"): content = value
      case key.equals("message"): message = value
      case key.equals("stream"): stream = value
      case key.equals("podName"), key.equals("pod"): sternPod = LogPrefix.withoutColor(value)
      case key.equals("namespace"): sternNamespace = LogPrefix.withoutColor(value)
      case key.equals("level"): hasLevel = true
      case key.equals("scope"):
        hasScope = true
        isAccess = value.equals("access")
      case key.equals("direction"): hasDirection = true
      default:
        switch JSONWrapper.podField(key) {
        case .pod: pod = value
        case .podNamespace: podNamespace = value
        default: break
        }
      }
    }
    if pod.isEmpty, !sternPod.isEmpty {
      pod = sternPod
      podNamespace = sternNamespace
    }
    isZtunnel = isAccess && hasDirection
    // A message of ztunnel or istio-agent itself (`LOG_FORMAT=json`, `--log_as_json`), which wraps nothing.
    guard isZtunnel || !(hasLevel && hasScope) else {
      content = nil
      return
    }
    var text = content ?? message
    let length = text.count
    while text.count > 0, text[text.count - 1] == 10 || text[text.count - 1] == 13 {
      text.count -= 1
    }
    endsLine = text.count < length
    content = text.isEmpty ? JSONWrapper.object(in: object) : text
  }

  /// Which name of the pod that wrote a line a member is: of Fluent Bit, Fluentd, Vector, Filebeat, of labels
  /// that Promtail, Alloy and Loki's OTLP endpoint give, and of Cloud Logging's resource.
  static func podField(_ key: Bytes) -> LogField? {
    guard key.count > 9 else { return nil }
    switch true {
    case key.equals("kubernetes.pod_name"), key.equals("kubernetes.pod.name"),
      key.equals("labels.pod"), key.equals("labels.k8s_pod_name"), key.equals("metadata.pod"),
      key.equals("metadata.k8s_pod_name"), key.equals("metadata.structuredMetadata.pod"),
      key.equals("metadata.structuredMetadata.k8s_pod_name"),
      key.equals("resource.labels.pod_name"):
      return .pod
    case key.equals("kubernetes.namespace_name"), key.equals("kubernetes.pod_namespace"),
      key.equals("kubernetes.namespace"), key.equals("labels.namespace"),
      key.equals("labels.k8s_namespace_name"), key.equals("metadata.namespace"),
      key.equals("metadata.k8s_namespace_name"),
      key.equals("metadata.structuredMetadata.namespace"),
      key.equals("metadata.structuredMetadata.k8s_namespace_name"),
      key.equals("resource.labels.namespace_name"):
      return .podNamespace
    default: return nil
    }
  }

  private static func object(in object: borrowing JSONObjectReader) -> Bytes? {
    for index in 0..<object.objectCount {
      let key = object.objectKey(index)
      if key.equals("message") || key.equals("log") || key.equals("log_processed")
        || key.equals("jsonPayload") || key.equals("_source")
      {
        return object.objectText(index)
      }
    }
    return nil
  }
}
