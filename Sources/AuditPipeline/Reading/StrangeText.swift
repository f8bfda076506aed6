/// Text that looks like YAML at first sight, does not parse, and was never meant to be read as it is.
///
/// What a folder holds of it is listed as not recognised, as source code and prose are. Everything else
/// that does not parse is a broken input.
enum StrangeText {
  /// A template: Helm's and Jinja's actions stand where YAML has values.
  case template
  /// No part of a manifest, and not named like a document.
  case other

  init?(_ text: String, path: String) {
    var isManifest = false
    for line in text.split(whereSeparator: \.isNewline) {
      let trimmed = line.drop { " \t-\"'".contains($0) }
      if trimmed.hasPrefix("{{") || trimmed.hasPrefix("{%") || line.contains(": {{") {
        self = .template
        return
      }
      if trimmed.hasPrefix("apiVersion") { isManifest = true }
    }
    let isNamedDocument = [".yaml", ".yml", ".json"].contains { path.hasSuffix($0) }
    guard !isManifest, !isNamedDocument else { return nil }
    self = .other
  }

  var reason: String {
    switch self {
    case .template: "it is a template; give what it renders to, as `helm template` prints it"
    case .other: "it is no YAML, and nothing in it looks like a manifest"
    }
  }
}
