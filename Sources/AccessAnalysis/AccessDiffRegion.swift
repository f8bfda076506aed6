import MeshModel

/// The operations that a reach lets through: those of any of `grants` and of none of `exclusions`.
///
/// Made for comparing. What cannot be proven to be covered counts as not covered, so that a comparison
/// never calls something narrower that may be wider.
struct OperationRegion {
  var grants: [Reach.OperationSet]
  var exclusions: [Reach.OperationSet]

  /// - Parameter reach: nil where the source or the destination is not there; then nothing is granted.
  ///
  /// Nil for a reach that is not known.
  init?(_ reach: Reach?) {
    grants = []
    exclusions = []
    guard let reach else { return }
    switch reach.outcome {
    case .unknown: return nil
    case .deny: return
    case .allow, .partial, .delegate:
      exclusions = reach.operations.filter(\.isExcluded)
      grants = reach.operations.filter { !$0.isExcluded }
      if grants.isEmpty { grants = [Reach.OperationSet()] }
    }
    guard reach.outcome == .delegate else { return }
    // An authorizer that must agree is one more condition.
    for index in grants.indices {
      grants[index].conditions.append("the external authorizer agrees")
    }
  }

  /// What this lets through and `other` does not, as far as it cannot be proven that it does.
  func beyond(_ other: OperationRegion) -> [Reach.OperationSet] {
    var result: [Reach.OperationSet] = []
    func add(_ set: Reach.OperationSet) {
      if !result.contains(set) { result.append(set) }
    }
    for grant in grants {
      let uncovered = grant.atoms.filter { atom in
        !other.grants.contains { $0.covers(atom) } && !exclusions.contains { $0.covers(atom) }
      }
      if uncovered.count == grant.atoms.count {
        add(grant)
      } else {
        for set in Reach.OperationSet.merged(uncovered) { add(set) }
      }
      // What the other side takes away from operations that both grant.
      for excluded in other.exclusions where !excluded.isDisjoint(from: grant) {
        let both = excluded.intersection(with: grant)
        let isKeptOut = exclusions.contains { $0.covers(excluded, within: grant) }
        if !isKeptOut, uncovered.count < grant.atoms.count { add(both) }
      }
    }
    return result
  }
}

extension Reach.OperationSet {
  /// Cross products beyond this are compared whole.
  private static let maximumAtomCount = 512

  /// The set split up so that each part has at most one method, one path and one host.
  var atoms: [Reach.OperationSet] {
    let count = max(methods.count, 1) * max(paths.count, 1) * max(hosts.count, 1)
    guard count > 1, count <= Self.maximumAtomCount else { return [self] }
    var result: [Reach.OperationSet] = []
    for method in methods.isEmpty ? [nil] : methods.map(Optional.some) {
      for path in paths.isEmpty ? [nil] : paths.map(Optional.some) {
        for host in hosts.isEmpty ? [nil] : hosts.map(Optional.some) {
          result.append(
            Reach.OperationSet(
              methods: method.map { [$0] } ?? [], paths: path.map { [$0] } ?? [],
              hosts: host.map { [$0] } ?? [], conditions: conditions, isExcluded: isExcluded))
        }
      }
    }
    return result
  }

  /// Atoms of one set put together again where they differ in their methods, then in their paths.
  static func merged(_ atoms: [Reach.OperationSet]) -> [Reach.OperationSet] {
    var byRest: [Reach.OperationSet] = []
    for atom in atoms {
      if let index = byRest.firstIndex(where: {
        $0.paths == atom.paths && $0.hosts == atom.hosts && $0.conditions == atom.conditions
      }) {
        byRest[index].methods += atom.methods
      } else {
        byRest.append(atom)
      }
    }
    var result: [Reach.OperationSet] = []
    for set in byRest {
      if let index = result.firstIndex(where: {
        $0.methods == set.methods && $0.hosts == set.hosts && $0.conditions == set.conditions
      }) {
        result[index].paths += set.paths
      } else {
        result.append(set)
      }
    }
    return result
  }

  /// Whether every request of `other` is provably one of this set.
  func covers(_ other: Reach.OperationSet) -> Bool {
    covers(other, within: Reach.OperationSet())
  }

  /// Whether every request that is in both `other` and `frame` is provably one of this set.
  func covers(_ other: Reach.OperationSet, within frame: Reach.OperationSet) -> Bool {
    func holds(_ list: [String], _ first: [String], _ second: [String], _ fold: Bool) -> Bool {
      OperationText.covers(list, first, folding: fold)
        || OperationText.covers(list, second, folding: fold)
    }
    return holds(methods, other.methods, frame.methods, false)
      && holds(paths, other.paths, frame.paths, false)
      && holds(hosts, other.hosts, frame.hosts, true)
      && conditions.allSatisfy {
        other.implies($0) || frame.implies($0)
      }
  }

  /// Whether every request of this set meets a condition: because it is one of the set's own, or
  /// because its values keep clear of those that the condition excludes.
  private func implies(_ condition: String) -> Bool {
    if conditions.contains(condition) { return true }
    for (name, values) in [("path", paths), ("method", methods), ("host", hosts)] {
      guard condition.hasPrefix("\(name)!="), !values.isEmpty else { continue }
      let excluded = condition.dropFirst(name.count + 2).split(separator: "|").map(String.init)
      return values.allSatisfy { value in
        // A value with the separator in it cannot be told from two values.
        !value.contains("|") && excluded.allSatisfy { OperationText.isClear(value, of: $0) }
      }
    }
    return false
  }

  /// Whether no request can be in both, as far as this is plain to see.
  func isDisjoint(from other: Reach.OperationSet) -> Bool {
    if OperationText.areDisjoint(methods, other.methods) { return true }
    if OperationText.areDisjoint(paths, other.paths) { return true }
    func spoken(_ set: Reach.OperationSet) -> Set<String> {
      Set(set.conditions.filter { $0.hasPrefix("protocol=") })
    }
    let (mine, theirs) = (spoken(self), spoken(other))
    return !mine.isEmpty && !theirs.isEmpty && mine.isDisjoint(with: theirs)
  }

  /// A set that holds at least what is in both.
  func intersection(with other: Reach.OperationSet) -> Reach.OperationSet {
    func narrower(_ first: [String], _ second: [String], _ fold: Bool) -> [String] {
      if first.isEmpty { return second }
      if second.isEmpty { return first }
      return OperationText.covers(first, second, folding: fold) ? second : first
    }
    return Reach.OperationSet(
      methods: narrower(methods, other.methods, false), paths: narrower(paths, other.paths, false),
      hosts: narrower(hosts, other.hosts, true),
      conditions: Set(conditions + other.conditions).sorted())
  }
}

/// Values of methods, paths and hosts as the policies write them: exact, `prefix*`, `*suffix`, `*`
/// (Istio, reference Authorization Policy, "Rule"), and templates with `{*}`.
enum OperationText {
  /// Whether `list` provably holds every text that `other` holds; an empty list holds all.
  static func covers(_ list: [String], _ other: [String], folding: Bool) -> Bool {
    if list.isEmpty { return true }
    if other.isEmpty { return false }
    return other.allSatisfy { value in
      list.contains { covers($0, value, folding: folding) }
    }
  }

  static func covers(_ pattern: String, _ value: String, folding: Bool) -> Bool {
    let pattern = folding ? pattern.lowercased() : pattern
    let value = folding ? value.lowercased() : value
    if pattern == value || pattern == "*" { return true }
    if pattern.utf8.last == star, !pattern.contains("{") {
      // What stands before the first wildcard of a value is literal.
      let literal = value.prefix { $0 != "{" && $0 != "*" }
      return literal.hasPrefix(pattern.dropLast())
    }
    if pattern.utf8.first == star {
      // What stands behind the last wildcard is literal.
      guard value.utf8.last != star else { return false }
      let literal = value.suffix(while: { $0 != "}" && $0 != "*" })
      return literal.hasSuffix(pattern.dropFirst())
    }
    return pattern.contains("{*}") && coversSegments(pattern, value)
  }

  /// A template `/v1/{*}/x` and a path or another template; `{**}` is not looked into.
  private static func coversSegments(_ pattern: String, _ value: String) -> Bool {
    guard !pattern.contains("{**}"), !value.contains("{**}") else { return false }
    let wanted = pattern.split(separator: "/", omittingEmptySubsequences: false)
    let given = value.split(separator: "/", omittingEmptySubsequences: false)
    guard wanted.count == given.count else { return false }
    return zip(wanted, given).allSatisfy { part, segment in
      if part == segment { return true }
      // One or more path characters, of which "*" and "=" are none (Envoy uri_template_internal.cc).
      return part == "{*}" && !segment.isEmpty && !segment.contains { "*={}".contains($0) }
    }
  }

  /// Whether no text that `value` holds is one that `pattern` holds, as far as this is plain to see.
  static func isClear(_ value: String, of pattern: String) -> Bool {
    guard !pattern.contains("{"), pattern != "*" else { return false }
    // Hosts are compared without case; for paths this only proves less.
    let (value, pattern) = (value.lowercased(), pattern.lowercased())
    let literal = value.prefix { $0 != "{" && $0 != "*" }
    let isExact = literal.count == value.count
    if pattern.utf8.last == star {
      let prefix = pattern.dropLast()
      return !literal.hasPrefix(prefix) && (isExact || !prefix.hasPrefix(literal))
    }
    guard isExact else { return false }
    if pattern.utf8.first == star { return !value.hasSuffix(pattern.dropFirst()) }
    return value != pattern
  }

  static func areDisjoint(_ first: [String], _ second: [String]) -> Bool {
    guard !first.isEmpty, !second.isEmpty else { return false }
    let isExact = (first + second).allSatisfy { !$0.contains("*") && !$0.contains("{") }
    return isExact && Set(first).isDisjoint(with: second)
  }

  private static let star = UInt8(ascii: "*")
}

extension String {
  func suffix(while condition: (Character) -> Bool) -> Substring {
    var start = endIndex
    while start > startIndex, condition(self[index(before: start)]) { start = index(before: start) }
    return self[start...]
  }
}
