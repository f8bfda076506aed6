import DocumentReader
import Foundation
import IstioPolicy
import ManifestReader
import MeshModel

/// Meshes and requests out of text, as the tests write them.
enum TestMesh {
  static func inventory(_ texts: String...) -> MeshInventory { inventory(of: texts) }

  static func inventory(of texts: [String]) -> MeshInventory {
    let sink = DiagnosticSink()
    var reader = ManifestReader(sink: sink)
    for (index, text) in texts.enumerated() {
      for node in YAMLDocuments.read(text, path: "test-\(index).yaml", into: sink) {
        reader.read(node)
      }
    }
    return reader.finish()
  }

  static func mesh(_ texts: String..., version: IstioVersion? = nil) -> IstioMesh {
    IstioMesh(inventory: inventory(of: texts), options: IstioOptions(version: version))
  }

  /// Text of a file under `Tests/Data`.
  static func data(_ path: String) throws -> String {
    let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(
      contentsOf: folder.appending(path: "Data").appending(path: path), encoding: .utf8)
  }

  static func json(_ text: String) -> [JSONValue] {
    JSONDocuments.read(text, path: "test.json", into: DiagnosticSink()).map(\.json)
  }

  /// The request contract: one object.
  static func request(_ value: JSONValue) -> AccessRequest {
    let source = value["source"]
    let destination = value["destination"]
    func workload(_ text: String?) -> WorkloadID? {
      guard let parts = text?.split(separator: "/"), parts.count == 2 else { return nil }
      return WorkloadID(namespace: String(parts[0]), name: String(parts[1]))
    }
    func address(_ text: String?) -> IPAddress? { text.flatMap { IPAddress($0) } }
    func map(_ value: JSONValue?) -> [String: String]? {
      value?.members.map { members in
        Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value.stringValue ?? "") })
      }
    }
    return AccessRequest(
      id: value["id"]?.stringValue ?? "",
      source: .init(
        principal: source?["principal"]?.stringValue,
        workload: workload(source?["workload"]?.stringValue),
        ip: address(source?["ip"]?.stringValue),
        remoteIP: address(source?["remoteIP"]?.stringValue)),
      destination: .init(
        workload: workload(destination?["workload"]?.stringValue),
        namespace: destination?["namespace"]?.stringValue, labels: map(destination?["labels"]),
        port: destination?["port"]?.intValue,
        applicationProtocol: ApplicationProtocol(
          rawValue: destination?["protocol"]?.stringValue ?? "tcp") ?? .tcp,
        ip: address(destination?["ip"]?.stringValue),
        dataplane: destination?["dataplane"]?.stringValue.flatMap { Dataplane(rawValue: $0) }),
      sni: value["sni"]?.stringValue,
      http: value["request"].map { http in
        AccessRequest.HTTP(
          method: http["method"]?.stringValue, host: http["host"]?.stringValue,
          path: http["path"]?.stringValue,
          headers: Dictionary(
            (http["headers"]?.members ?? []).map {
              ($0.name.lowercased(), $0.value.stringValue ?? "")
            }, uniquingKeysWith: { "\($0),\($1)" }))
      },
      jwt: value["jwt"])
  }

  static func request(_ text: String) -> AccessRequest {
    request(json(text).first ?? .object([]))
  }
}
