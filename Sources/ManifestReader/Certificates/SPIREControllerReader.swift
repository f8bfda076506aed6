import DocumentReader
import MeshModel

/// Reads the configuration of spire-controller-manager out of a ConfigMap: the key whose value is a
/// document of kind `ControllerManagerConfig`, whatever its name.
enum SPIREControllerReader {
  static func configurations(data: [String: Located<String>]) -> [SPIREControllerConfiguration] {
    data.sorted { $0.key < $1.key }.compactMap { _, text in
      guard text.value.contains("ControllerManagerConfig") else { return nil }
      let documents = YAMLDocuments.read(
        text.value, path: text.location.path, into: DiagnosticSink())
      return documents.lazy.filter {
        $0["kind"]?.string == "ControllerManagerConfig"
          && $0["apiVersion"]?.string?.hasPrefix("spire.spiffe.io/") == true
      }.map { read($0, at: text.location) }.first
    }
  }

  private static func read(_ document: DocumentNode, at location: SourceLocation)
    -> SPIREControllerConfiguration
  {
    var result = SPIREControllerConfiguration(location: location)
    result.trustDomain = document["trustDomain"]?.string
    result.clusterName = document["clusterName"]?.string
    result.clusterDomain = document["clusterDomain"]?.string
    if let names = document["ignoreNamespaces"]?.items {
      result.ignoredNamespaces = names.compactMap(\.string)
    }
    result.className = document["className"]?.string ?? ""
    result.watchesClassless = document["watchClassless"]?.scalar?.text == "true"
    return result
  }
}
