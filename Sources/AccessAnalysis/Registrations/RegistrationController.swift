import MeshModel

/// What the inputs tell of the controller that makes entries out of ClusterSPIFFEIDs.
struct RegistrationController {
  let configuration: SPIREControllerConfiguration?
  let trustDomain: GoTemplate.Value

  /// - Parameter entries: a server's own entries are of its trust domain, so they tell it where the
  ///   controller's configuration is not among the inputs (SPIRE v1.15.3, server API, `entry.Create`).
  init(_ configurations: [SPIREControllerConfiguration], entries: [SPIRERegistrationEntry]) {
    configuration = configurations.count == 1 ? configurations[0] : nil
    let domains = Set(entries.compactMap { SPIFFEID($0.spiffeID)?.trustDomain })
    if let stated = configuration?.trustDomain {
      trustDomain = .text(stated)
    } else if let only = domains.first, domains.count == 1 {
      trustDomain = .text(only)
    } else {
      trustDomain = .unknown(
        configurations.count > 1
          ? "several ControllerManagerConfigs are among the inputs"
          : "neither a ControllerManagerConfig nor entries tell SPIRE's trust domain")
    }
  }

  var clusterName: GoTemplate.Value {
    configuration?.clusterName.map { .text($0) }
      ?? .unknown("no ControllerManagerConfig tells the cluster's name")
  }

  var clusterDomain: GoTemplate.Value {
    configuration?.clusterDomain.map { .text($0) }
      ?? .unknown("no ControllerManagerConfig tells the cluster's domain")
  }

  /// Whether it makes entries for a namespace's pods; a reason where that is not known.
  ///
  /// Names are regular expressions that are searched for; those with more than letters, digits, "-"
  /// and the ends "^" and "$" are not evaluated.
  func ignores(_ namespace: String) -> SelectorMatch {
    let patterns =
      configuration?.ignoredNamespaces ?? SPIREControllerConfiguration.ignoredByDefault
    var unknown: SelectorMatch = .no
    for pattern in patterns {
      let isStart = pattern.hasPrefix("^")
      let isEnd = pattern.hasSuffix("$")
      let name = pattern.dropFirst(isStart ? 1 : 0).dropLast(isEnd ? 1 : 0)
      guard name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" }) else {
        unknown = .unknown("the expression \"\(pattern)\" of ignoreNamespaces is not evaluated")
        continue
      }
      let matches =
        switch (isStart, isEnd) {
        case (true, true): namespace == name
        case (true, false): namespace.hasPrefix(name)
        case (false, true): namespace.hasSuffix(name)
        case (false, false): namespace.contains(name)
        }
      if matches { return .yes }
    }
    return unknown
  }
}
