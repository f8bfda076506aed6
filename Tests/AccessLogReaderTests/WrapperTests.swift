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
