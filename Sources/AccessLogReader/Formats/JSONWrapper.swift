/// What is wrapped in a JSON object: Docker's `{"log":…}`, Fluent Bit's `{"log":…,"kubernetes":{…}}`,
/// Loki's `{"labels":{…},"line":…}`, stern's `{"message":…,"namespace":…,"podName":…}` (its output `json`); or
/// ztunnel's own JSON.
struct JSONWrapper {
  private(set) var content: Bytes?
  private(set) var pod = Bytes()
  private(set) var podNamespace = Bytes()
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
      case key.equals("log"), key.equals("line"): content = value
      case key.equals("message"): message = value
      case key.equals("kubernetes.pod_name"), key.equals("labels.pod"): pod = value
      case key.equals("podName"): sternPod = value
      case key.equals("namespace"): sternNamespace = value
      case key.equals("kubernetes.namespace_name"), key.equals("labels.namespace"):
        podNamespace = value
      case key.equals("level"): hasLevel = true
      case key.equals("scope"):
        hasScope = true
        isAccess = value.equals("access")
      case key.equals("direction"): hasDirection = true
      default: break
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
    while text.count > 0, text[text.count - 1] == 10 || text[text.count - 1] == 13 {
      text.count -= 1
    }
    content = text.isEmpty ? nil : text
  }
}
