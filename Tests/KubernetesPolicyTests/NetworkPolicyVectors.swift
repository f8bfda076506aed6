import DocumentReader
import Foundation
import ManifestReader
import MeshModel

/// Vectors of `Tests/Data`: one JSON object a line with the manifests and the requests of a case.
struct NetworkPolicyVectors: Decodable {
  struct Request: Decodable {
    struct Source: Decodable {
      var workload: String?
      var ip: String?
    }
    struct Destination: Decodable {
      var workload: String?
      var port: Int?
      var ip: String?
    }
    var id: String
    var source: Source
    var destination: Destination
    var expect: String

    var access: AccessRequest {
      AccessRequest(
        id: id,
        source: .init(
          workload: source.workload.map(WorkloadID.init(text:)),
          ip: source.ip.flatMap { IPAddress($0) }),
        destination: .init(
          workload: destination.workload.map(WorkloadID.init(text:)), port: destination.port,
          ip: destination.ip.flatMap { IPAddress($0) }))
    }
  }

  var name: String
  var files: [String: String]
  var requests: [Request]

  private enum CodingKeys: String, CodingKey {
    case name = "case"
    case files, requests
  }

  var inventory: MeshInventory { Manifests.inventory(files) }

  static func load(_ topic: String) throws -> [NetworkPolicyVectors] {
    let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Data")
    let data = try Data(
      contentsOf: folder.appendingPathComponent(topic).appendingPathComponent("cases.jsonl"))
    let decoder = JSONDecoder()
    return try data.split(separator: UInt8(ascii: "\n")).map {
      try decoder.decode(NetworkPolicyVectors.self, from: $0)
    }
  }
}

extension WorkloadID {
  /// Reads `namespace/name`.
  init(text: String) {
    let parts = text.split(separator: "/")
    self.init(namespace: String(parts[0]), name: String(parts[1]))
  }
}

/// Reads manifests out of YAML text.
enum Manifests {
  static func inventory(_ files: [String: String]) -> MeshInventory {
    let sink = DiagnosticSink()
    var reader = ManifestReader(sink: sink)
    for (path, text) in files.sorted(by: { $0.key < $1.key }) {
      for document in YAMLDocuments.read(text, path: path, into: sink) { reader.read(document) }
    }
    return reader.finish()
  }

  static func inventory(_ text: String) -> MeshInventory { inventory(["test.yaml": text]) }
}
