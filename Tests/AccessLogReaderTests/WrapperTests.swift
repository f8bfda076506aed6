import Foundation
import MeshModel
import Testing

@testable import AccessLogReader

/// What collectors and tools put around a line: whatever it is, the request is the same.
@Suite struct WrapperTests {
  private static let time = "2026-11-24T02:37:34.318000001Z"
  private static let pod = "retriever-7d9f8c6b5-x2x4z"
  private static let names =
    #""kubernetes":{"pod_name":"\#(pod)","namespace_name":"agents","container_name":"istio-proxy"}"#
  private static let labels =
    #""labels":{"app":"retriever","namespace":"agents","pod":"\#(pod)"}"#

  /// A JSON string that holds the line.
  private static func quoted(_ line: String) -> String {
    "\"" + line.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  /// The line as stern's `extjson` embeds it: JSON as it is, all else as a string.
  private static func embedded(_ line: String) -> String {
    line.hasPrefix("{") ? line : quoted(line)
  }

  struct Wrapper: CustomTestStringConvertible, Sendable {
    var name: String
    var wrap: @Sendable (String) -> String

    var testDescription: String { name }
  }

  static let wrappers = [
    Wrapper(name: "kubectl logs --prefix") { "[pod/\(pod)/istio-proxy] \($0)" },
    Wrapper(name: "kubectl logs --timestamps") { "\(time) \($0)" },
    Wrapper(name: "kubectl logs --prefix --timestamps") {
      "[pod/\(pod)/istio-proxy] \(time) \($0)"
    },
    Wrapper(name: "CRI") { "\(time) stdout F \($0)" },
    Wrapper(name: "CRI in two parts") {
      "\(time) stdout P \($0.prefix(40))\n\(time) stdout F \($0.dropFirst(40))"
    },
    Wrapper(name: "Docker") {
      #"{"log":\#(quoted($0).dropLast())\n","stream":"stdout","time":"\#(time)"}"#
    },
    Wrapper(name: "Fluent Bit") {
      #"{"date":1795487854.318,"stream":"stdout","_p":"F","log":\#(quoted($0)),\#(names)}"#
    },
    Wrapper(name: "Fluent Bit with its own keys") {
      #"{"@timestamp":"\#(time)","stream":"stdout","message":\#(quoted($0)),\#(names)}"#
    },
    Wrapper(name: "stern") { "\(pod) istio-proxy \($0)" },
    Wrapper(name: "stern --all-namespaces") { "agents \(pod) istio-proxy \($0)" },
    Wrapper(name: "stern --timestamps") { "\(pod) istio-proxy \(time) \($0)" },
    Wrapper(name: "stern --output json") {
      #"{"message":\#(quoted($0)),"nodeName":"node-1","namespace":"agents","podName":"\#(pod)","containerName":"istio-proxy"}"#
    },
    Wrapper(name: "stern --color always") {
      "\u{1B}[96m\(pod)\u{1B}[0m \u{1B}[38;5;3mistio-proxy\u{1B}[0m \($0)"
    },
    Wrapper(name: "stern --output extjson") {
      #"{"pod": "\#(pod)", "container": "istio-proxy", "message": \#(embedded($0))}"#
    },
    Wrapper(name: "stern --output extjson --all-namespaces --color always") {
      "{\"namespace\": \"\u{1B}[96magents\u{1B}[0m\", \"pod\": \"\u{1B}[96m\(pod)\u{1B}[0m\", "
        + "\"container\": \"\u{1B}[33mistio-proxy\u{1B}[0m\", \"message\": \(embedded($0))}"
    },
    Wrapper(name: "Vector") {
      #"{"file":"/var/log/pods/x","kubernetes":{"pod_name":"\#(pod)","pod_namespace":"agents"},"message":\#(quoted($0)),"stream":"stdout"}"#
    },
    Wrapper(name: "Filebeat") {
      #"{"@timestamp":"\#(time)","message":\#(quoted($0)),"kubernetes":{"namespace":"agents","pod":{"name":"\#(pod)"}}}"#
    },
    Wrapper(name: "elasticdump of Fluent Bit") {
      #"{"_index":"logs","_source":{"log":\#(quoted($0)),\#(names)}}"#
    },
    Wrapper(name: "Cloud Logging") {
      let resource =
        #""resource":{"type":"k8s_container","labels":{"namespace_name":"agents","pod_name":"\#(pod)"}}"#
      return $0.hasPrefix("{")
        ? #"{"insertId":"x","jsonPayload":\#($0),\#(resource)}"#
        : #"{"insertId":"x","textPayload":\#(quoted($0)),\#(resource)}"#
    },
    Wrapper(name: "Fluent Bit with Merge_Log_Key") {
      $0.hasPrefix("{")
        ? #"{"stream":"stdout","log_processed":\#($0),\#(names)}"#
        : #"{"stream":"stdout","log":\#(quoted($0)),\#(names)}"#
    },
    Wrapper(name: "Docker around Fluent Bit") {
      let inner = #"{"stream":"stdout","log":\#(quoted($0)),\#(names)}"#
      return #"{"log":\#(quoted(inner)),"stream":"stdout","time":"\#(time)"}"#
    },
    Wrapper(name: "logcli --output jsonl") {
      #"{\#(labels),"line":\#(quoted($0)),"timestamp":"\#(time)"}"#
    },
    Wrapper(name: "logcli") {
      #"2026-11-24T02:37:34Z {app="retriever", note="a } \" b"}   \#($0)"#
    },
    Wrapper(name: "logcli without labels") { "2026-11-24T02:37:34+01:00 {} \($0)" },
  ]

  private static let json =
    #"{"authority":"retriever.agents","bytes_received":0,"bytes_sent":31,"downstream_local_address":"10.0.0.9:8080","downstream_remote_address":"10.0.0.24:41000","duration":1,"method":"GET","path":"/v1/search?q=1","protocol":"HTTP/1.1","requested_server_name":"outbound_.8080_._.retriever.agents.svc.cluster.local","response_code":200,"response_code_details":"via_upstream","response_flags":"-","start_time":"2026-11-24T02:37:34.318Z","upstream_cluster":"inbound|8080||","upstream_host":"127.0.0.1:18080"}"#

  @Test(arguments: wrappers) func textAndJSONInsideAreTheSameRequest(_ wrapper: Wrapper) throws {
    for line in [HostileInputTests.honest, Self.json] {
      let bare = scan(line + "\n")
      let wrapped = scan(wrapper.wrap(line) + "\n")
      try #require(bare.counts.read == 1)
      #expect(wrapped.counts.read == 1, "\(wrapped.counts)")
      #expect(wrapped.requests == bare.requests)
    }
  }

  /// The pod's name comes through every wrapper that has one: the owner of the line is known by it.
  @Test(arguments: wrappers) func podOfTheWrapperOwnsTheLine(_ wrapper: Wrapper) throws {
    let retriever = WorkloadID(namespace: "agents", name: "retriever")
    var directory = TrafficDirectory()
    directory.workloads = [retriever]
    directory.workloadsByPod["agents/\(Self.pod)"] = retriever
    for line in [HostileInputTests.honest, Self.json] {
      let wrapped = wrapper.wrap(line)
      guard wrapped.contains(Self.pod),
        wrapped.contains("agents\"") || wrapped.contains("agents\u{1B}")
      else { continue }
      let result = scan(wrapped + "\n", directory: directory)
      #expect(result.requests.keys.first?.destination.workload == retriever)
    }
  }

  /// Members that Fluent Bit's `Merge_Log` lifts up beside the pod's names.
  @Test func liftedMembersHaveTheirPod() throws {
    let retriever = WorkloadID(namespace: "agents", name: "retriever")
    var directory = TrafficDirectory()
    directory.workloads = [retriever]
    directory.workloadsByPod["agents/\(Self.pod)"] = retriever
    let line = Self.json.dropLast() + ",\"stream\":\"stdout\",\(Self.names)}\n"
    let result = scan(String(line) + String(line), directory: directory)
    #expect(result.counts.read == 2)
    #expect(result.requests.keys.map(\.destination.workload) == [retriever])
  }

  /// ztunnel's JSON in a collector's.
  @Test func wrappedJSONOfZtunnelIsRead() {
    let line =
      #"{"level":"info","time":"2026-11-24T02:37:34.318000Z","scope":"access","message":"connection complete","src.addr":"10.0.0.1:1","dst.addr":"10.0.0.9:8080","direction":"inbound","bytes_sent":1,"bytes_recv":2,"duration":"1ms"}"#
    let bare = scan(line + "\n")
    #expect(bare.counts.read == 1)
    let docker = #"{"log":\#(Self.quoted(line)),"stream":"stdout","time":"\#(Self.time)"}"#
    #expect(scan(docker + "\n" + docker + "\n").counts.read == 2)
  }

  /// Docker's json-file driver writes a line of more than 16 KiB as several records.
  @Test func longLinesOfDockerAreJoined() throws {
    let agent = String(repeating: "x", count: 40_000)
    let line = HostileInputTests.honest.replacing("\"agent\"", with: "\"\(agent)\"")
    let other = HostileInputTests.honest.replacing("/v1/search", with: "/v1/other")
    func record(_ text: String, _ stream: String = "stdout") -> String {
      #"{"log":\#(Self.quoted(text).replacing("\n", with: "\\n")),"stream":"\#(stream)","time":"\#(Self.time)"}"#
        + "\n"
    }
    var parts: [String] = []
    var rest = Substring(line + "\n")
    while !rest.isEmpty {
      parts.append(record(String(rest.prefix(16 << 10))))
      rest = rest.dropFirst(16 << 10)
    }
    parts.insert(record(other + "\n", "stderr"), at: 1)
    let result = scan(parts.joined() + record(other + "\n"))
    #expect(result.counts.read == 3, "\(result.counts)")
    #expect(result.counts.rejected == 0)
    // A record without an end that is shorter is a line, as others write them.
    #expect(scan(record(other) + record(other)).counts.read == 2)
  }

  /// A part that is too long itself does not join what is left and right of it.
  @Test(arguments: [1 << 20, 4096])
  func partThatIsTooLongLosesItsLineAlone(block: Int) {
    var options = AccessLogOptions()
    options.longestLine = 5_000
    let long = String(repeating: "x", count: 9_000)
    let honest = HostileInputTests.honest
    func cri(_ tag: String, _ text: some StringProtocol) -> String {
      "\(Self.time) stdout \(tag) \(text)\n"
    }
    let cut = [cri("P", honest.prefix(40)), cri("P", long), cri("F", honest.dropFirst(40))]
    let result = scan(
      cut.joined() + cri("F", honest) + cri("F", long) + cri("F", honest), block: block,
      options: options)
    #expect(result.counts.read == 2, "\(result.counts)")
    #expect(result.counts.tooLong == 2)
    #expect(result.counts.rejected == 0)
    // The last part is the one that is too long.
    let open = scan(
      cri("P", honest.prefix(40)) + cri("F", long) + cri("F", honest), block: block,
      options: options)
    #expect(open.counts.read == 1, "\(open.counts)")
  }

  /// What proxies and their agents say of themselves is no request and nothing that was not read.
  @Test(arguments: [
    #"{"level":"info","time":"2026-11-24T02:37:34.318000Z","scope":"ztunnel","message":"version 1.27"}"#,
    #"{"level":"info","time":"2026-11-24T02:37:34.318000Z","scope":"ads","msg":"XDS: Incremental"}"#,
    #"{"timestamp":"[     0.001s]","level":"INFO","fields":{"message":"release 2.300.0"},"target":"linkerd2_proxy","threadId":"ThreadId(1)"}"#,
    "[     0.002338s]  INFO ThreadId(01) linkerd2_proxy: release 2.300.0",
    "2026-11-24T02:37:34.318000Z\tinfo\tFLAG: --concurrency=\"0\"",
    "[2026-11-24 02:37:34.318][12][info][main] starting main dispatch loop",
  ]) func messagesOfProxiesAreNoRequests(line: String) {
    let result = scan(line + "\n" + HostileInputTests.honest + "\n")
    #expect(result.counts.other == 1, "\(result.counts)")
    #expect(result.counts.read == 1)
  }
}
