package import MeshModel

/// Paths that are limited together.
///
/// A scanner that tries thousands of paths is refused or finds nothing, and so does not take away
/// the paths of requests that were served.
package struct PathGroup: Hashable, Sendable {
  package var destination: ObservedParty
  package var outcome: ObservedRequestKey.Outcome
  package var responseClass: String

  init(_ key: ObservedRequestKey) {
    destination = key.destination
    outcome = key.outcome
    responseClass = key.responseClass
  }

  init(
    destination: ObservedParty, outcome: ObservedRequestKey.Outcome, responseClass: String
  ) {
    self.destination = destination
    self.outcome = outcome
    self.responseClass = responseClass
  }
}

extension AccessLogResult {
  /// Depths that paths are cut to, deepest first: whole, then fewer segments.
  private static let depths = [Int.max, 4, 3, 2, 1, 0]

  /// Cuts names where there are too many.
  ///
  /// The depth of a group is the greatest at which its paths are at most `pathLimit`. As this depends
  /// only on all paths of the group, and cutting early never leaves more of them, the outcome does not
  /// depend on the order of merging.
  mutating func limitNames() {
    limitPaths()
    limitHosts()
  }

  private mutating func limitPaths() {
    guard requests.count > options.pathLimit || !pathDepths.isEmpty else { return }
    var paths: [PathGroup: Set<String>] = [:]
    for key in requests.keys {
      if let path = key.pathTemplate { paths[PathGroup(key), default: []].insert(path) }
    }
    var changed: Set<PathGroup> = []
    for (group, templates) in paths {
      let before = pathDepths[group] ?? .max
      var depth = before
      var cut = templates
      for candidate in AccessLogResult.depths where candidate <= before {
        depth = candidate
        cut = Set(templates.map { AccessLogResult.cut($0, to: candidate) })
        if cut.count <= options.pathLimit { break }
      }
      if depth < .max { pathDepths[group] = depth }
      if cut != templates { changed.insert(group) }
    }
    guard !changed.isEmpty else { return }
    let pathDepths = pathDepths
    rename { key in
      guard let path = key.pathTemplate, changed.contains(PathGroup(key)) else { return key }
      var cut = key
      cut.pathTemplate = AccessLogResult.cut(path, to: pathDepths[PathGroup(key)] ?? .max)
      return cut
    }
  }

  private mutating func limitHosts() {
    let otherHosts = "{*}"
    if !hasTooManyHosts {
      guard requests.count > options.hostLimit else { return }
      var hosts: Set<String> = []
      for key in requests.keys {
        if let host = key.destination.host { hosts.insert(host) }
      }
      guard hosts.count > options.hostLimit else { return }
      hasTooManyHosts = true
    }
    rename { key in
      var cut = key
      if cut.destination.host != nil { cut.destination.host = otherHosts }
      return cut
    }
    for (group, depth) in pathDepths {
      // The group of all other hosts keeps what it gathers from the ones that join it here.
      guard let host = group.destination.host, host != otherHosts else { continue }
      var cut = group
      cut.destination.host = otherHosts
      pathDepths[group] = nil
      pathDepths[cut] = min(pathDepths[cut] ?? .max, depth)
    }
    limitPaths()
  }

  /// The first `depth` segments of a path, and `{*}` for what follows.
  static func cut(_ path: String, to depth: Int) -> String {
    guard depth < .max else { return path }
    var slashes = 0
    for index in path.utf8.indices where path.utf8[index] == UInt8(ascii: "/") {
      slashes += 1
      if slashes > depth { return String(path[...index]) + "{*}" }
    }
    // A path without a slash is one of Envoy's or a caller's oddities (`*`).
    return slashes == 0 && depth == 0 ? "{*}" : path
  }
}
