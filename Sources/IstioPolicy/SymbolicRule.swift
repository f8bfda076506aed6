import MeshModel

/// What is left of a rule when the peer and the port are known and the request is not.
enum SymbolicMatch {
  case nothing
  case everything
  /// Matches exactly requests of one of these sets.
  case some([Reach.OperationSet])
}

/// Evaluates rules over all operations at once.
struct SymbolicEvaluation {
  let facts: RequestFacts
  let origins: [TestOrigin]

  /// Cross products beyond this are given as one set that names the rule.
  private static let maximumSetCount = 64

  func match(of rule: CompiledRule) -> SymbolicMatch {
    if rule.neverMatches { return .nothing }
    var sets: [[FieldTest]] = [[]]
    for clause in rule.clauses {
      var open: [[FieldTest]] = []
      var isCertain = false
      for alternative in clause.alternatives {
        var left: [FieldTest] = []
        var isPossible = true
        for test in alternative {
          switch facts.value(of: test) {
          case .yes: continue
          case .maybe: left.append(test)
          case .no: isPossible = false
          }
          if !isPossible { break }
        }
        if !isPossible { continue }
        if left.isEmpty {
          isCertain = true
          break
        }
        open.append(left)
      }
      if isCertain { continue }
      if open.isEmpty { return .nothing }
      if sets.count * open.count > Self.maximumSetCount {
        return .some([Reach.OperationSet(conditions: ["as rule \(rule.id) says"])])
      }
      sets = sets.flatMap { set in open.map { set + $0 } }
    }
    if sets.contains(where: \.isEmpty) { return .everything }
    return .some(sets.map(operations))
  }

  private func operations(_ tests: [FieldTest]) -> Reach.OperationSet {
    var set = Reach.OperationSet()
    for test in tests {
      let values = origins[Int(test.origin)].values
      if !test.isNegated {
        switch test.subject {
        case .method where set.methods.isEmpty:
          set.methods = values
          continue
        case .path where set.paths.isEmpty:
          set.paths = values
          continue
        case .host where set.hosts.isEmpty:
          set.hosts = values
          continue
        default: break
        }
      }
      let sign = test.isNegated ? "!=" : "="
      set.conditions.append("\(name(of: test))\(sign)\(values.joined(separator: "|"))")
    }
    set.conditions.sort()
    return set
  }

  private func name(of test: FieldTest) -> String {
    switch test.subject {
    case .identity: "source.principal"
    case .sourceAddress: "source.ip"
    case .remoteAddress: "remote.ip"
    case .destinationAddress: "destination.ip"
    case .port: "destination.port"
    case .serverName: "connection.sni"
    case .method: "method"
    case .host: "host"
    case .path: "path"
    case .header(let name, _): "request.headers[\(name)]"
    case .requestPrincipal: "request.auth.principal"
    case .claim(let path, _, _):
      "request.auth.claims" + path.map { "[\($0)]" }.joined()
    case .filterMetadata:
      String(origins[Int(test.origin)].field.prefix { $0 != " " })
    }
  }
}
