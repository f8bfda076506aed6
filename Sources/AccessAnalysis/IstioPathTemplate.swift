/// Path templates of access logs as Istio's policies write paths.
enum IstioPathTemplate {
  /// A path without placeholders is itself; `{id}` and its kind become `{*}`, one segment (Istio,
  /// reference Authorization Policy, "Operation.paths", from 1.22 on); a cut path becomes a prefix.
  ///
  /// Nil where a placeholder is a part of a segment, or the path holds what a policy would read as a
  /// pattern.
  static func pattern(of template: String) -> String? {
    var segments: [String] = []
    let parts = template.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    var isTemplate = false
    for (index, part) in parts.enumerated() {
      if part.hasSuffix("{*}"), index == parts.count - 1 {
        let prefix = part.dropLast("{*}".count)
        if isTemplate { return nil }
        segments.append(prefix + "*")
        continue
      }
      if ["{id}", "{email}", "{token}"].contains(part) {
        segments.append("{*}")
        isTemplate = true
        continue
      }
      if part.contains("{") || part.contains("}") || part.contains("*") { return nil }
      segments.append(part)
    }
    return segments.joined(separator: "/")
  }
}
