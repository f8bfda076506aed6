import MeshModel

/// A request that the mesh let through and that the policies of now allow.
struct SuggestedCall {
  var key: ObservedRequestKey
  var sum: ObservedRequestSum
  var port: Int

  /// The caller's identity as the mesh verified it; nil without one.
  var principal: String? { key.identitySource.isVerified ? key.source.principal : nil }
}

/// One observed operation of one caller, as it is to be granted.
struct SuggestedGrant {
  var principal: String?
  var port: Int
  var method: String?
  var paths: [String]
  var day: String
  var sum: ObservedRequestSum

  init(_ call: SuggestedCall, port: Int, method: String?, paths: [String]) {
    let principal = call.principal
    self.principal = principal.map {
      $0.hasPrefix("spiffe://") ? String($0.dropFirst("spiffe://".count)) : $0
    }
    self.port = port
    self.method = method
    self.paths = paths
    day = call.key.day
    sum = call.sum
  }
}

/// Puts grants together: callers with the same operations into one rule, methods with the same paths
/// into one operation.
struct SuggestedRules {
  let rules: [SuggestedPolicy.Rule]

  init(_ grants: [SuggestedGrant]) {
    var byCaller: [String: [SuggestedGrant]] = [:]
    for grant in grants { byCaller[grant.principal ?? "", default: []].append(grant) }
    var result: [SuggestedPolicy.Rule] = []
    for (caller, grants) in byCaller.sorted(by: { $0.key < $1.key }) {
      let operations = SuggestedRules.operations(grants)
      let count = grants.map(\.sum.count).reduce(0, +)
      let first = grants.map(\.sum.firstSeen).min() ?? UTCTime(seconds: 0)
      let last = grants.map(\.sum.lastSeen).max() ?? UTCTime(seconds: 0)
      if !caller.isEmpty,
        let index = result.firstIndex(where: {
          $0.operations == operations && !$0.principals.isEmpty
        })
      {
        result[index].principals.append(caller)
        result[index].requestCount += count
        result[index].firstSeen = min(result[index].firstSeen, first)
        result[index].lastSeen = max(result[index].lastSeen, last)
      } else {
        result.append(
          SuggestedPolicy.Rule(
            principals: caller.isEmpty ? [] : [caller], operations: operations,
            requestCount: count, firstSeen: first, lastSeen: last))
      }
    }
    rules = result
  }

  private static func operations(_ grants: [SuggestedGrant]) -> [SuggestedPolicy.Operation] {
    struct Key: Hashable {
      var port: Int
      var path: String?
    }
    var methods: [Key: Set<String>] = [:]
    for grant in grants {
      for path in grant.paths.isEmpty ? [nil] : grant.paths.map(Optional.some) {
        methods[Key(port: grant.port, path: path), default: []].formUnion(
          grant.method.map { [$0] } ?? [])
      }
    }
    struct Group: Hashable {
      var port: Int
      var methods: [String]
      var hasPaths: Bool
    }
    var paths: [Group: [String]] = [:]
    for (key, names) in methods {
      let group = Group(port: key.port, methods: names.sorted(), hasPaths: key.path != nil)
      paths[group, default: []] += key.path.map { [$0] } ?? []
    }
    return paths.map {
      SuggestedPolicy.Operation(
        port: $0.key.port, methods: $0.key.methods, paths: $0.value.sorted())
    }.sorted {
      ($0.port, $0.methods.joined(), $0.paths.joined()) < (
        $1.port, $1.methods.joined(), $1.paths.joined()
      )
    }
  }
}
