import DocumentReader
import Foundation
import ManifestReader
import MeshModel

/// Vectors of `Tests/Data`: one JSON object a line with the manifests and the requests of a case.
struct LinkerdVectors: Decodable {
  struct Request: Decodable {
    struct Source: Decodable {
      var principal: String?
      var workload: String?
      var ip: String?
    }
    struct Destination: Decodable {
      var workload: String?
      var port: Int?
      var `protocol`: String
      var ip: String?
    }
    struct HTTP: Decodable {
      var method: String?
      var host: String?
      var path: String?
      var headers: [String: String]?
    }
    var id: String
    var source: Source
    var destination: Destination
    var request: HTTP?
    var expect: String
    var expectReason: String?

    var access: AccessRequest {
      AccessRequest(
        id: id,
        source: .init(
          principal: source.principal, workload: source.workload.map(WorkloadID.init(text:)),
          ip: source.ip.flatMap { IPAddress($0) }),
        destination: .init(
          workload: destination.workload.map(WorkloadID.init(text:)), port: destination.port,
          applicationProtocol: ApplicationProtocol(rawValue: destination.protocol) ?? .tcp,
          ip: destination.ip.flatMap { IPAddress($0) }),
        http: request.map {
          var headers: [String: String] = [:]
          for (name, value) in $0.headers ?? [:] { headers[name.lowercased()] = value }
          return .init(method: $0.method, host: $0.host, path: $0.path, headers: headers)
        })
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

  static func load(_ topic: String) throws -> [LinkerdVectors] {
    let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Data")
    let data = try Data(
      contentsOf: folder.appendingPathComponent(topic).appendingPathComponent("cases.jsonl"))
    let decoder = JSONDecoder()
    return try data.split(separator: UInt8(ascii: "\n")).map {
      try decoder.decode(LinkerdVectors.self, from: $0)
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
    return inventory(files, sink: sink)
  }

  static func inventory(_ files: [String: String], sink: DiagnosticSink) -> MeshInventory {
    var reader = ManifestReader(sink: sink)
    for (path, text) in files.sorted(by: { $0.key < $1.key }) {
      for document in YAMLDocuments.read(text, path: path, into: sink) { reader.read(document) }
    }
    return reader.finish()
  }

  static func inventory(_ text: String) -> MeshInventory { inventory(["test.yaml": text]) }
}
