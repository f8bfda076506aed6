import DocumentReader
import MeshModel

/// Reads HTTPRoute, GRPCRoute, TLSRoute and TCPRoute, in the group of the Gateway API and, for
/// HTTPRoute, in Linkerd's.
enum GatewayAPIRouteDecoder: ResourceDecoder {
  static let kinds =
    GatewayAPIRoute.Kind.allCases.map {
      ResourceKind(group: "gateway.networking.k8s.io", kind: $0.rawValue)
    } + [ResourceKind(group: "policy.linkerd.io", kind: "HTTPRoute")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    guard let kind = GatewayAPIRoute.Kind(rawValue: object.metadata.reference.kind.kind) else {
      return
    }
    let spec = object.spec
    spec.ignore("useDefaultGateways")
    let route = GatewayAPIRoute(
      metadata: object.metadata, kind: kind,
      parents: spec.objects("parentRefs").compactMap(parent),
      hostnames: spec.strings("hostnames"),
      rules: spec.objects("rules").map { rule($0, kind: kind) })
    spec.reportUnknownFields()
    contents.inventory.gateway.routes.append(route)
  }

  private static func parent(_ fields: FieldReader) -> GatewayAPIRoute.Parent? {
    guard let name = fields.string("name") else {
      fields.problem(
        "missing-field", "\(fields.path) names no parent", at: fields.location,
        hint: "set \"name\"")
      return nil
    }
    let parent = GatewayAPIRoute.Parent(
      group: fields.string("group")?.value ?? "gateway.networking.k8s.io",
      kind: fields.string("kind")?.value ?? "Gateway",
      namespace: fields.string("namespace")?.value, name: name.value,
      sectionName: fields.string("sectionName")?.value, port: fields.int("port")?.value,
      location: fields.location)
    fields.reportUnknownFields()
    return parent
  }

  private static func rule(_ fields: FieldReader, kind: GatewayAPIRoute.Kind)
    -> GatewayAPIRoute.Rule
  {
    fields.ignore("name", "timeouts", "retry", "sessionPersistence")
    let backends = fields.objects("backendRefs")
    let rule = GatewayAPIRoute.Rule(
      matches: fields.objects("matches").map { kind == .grpc ? grpcMatch($0) : httpMatch($0) },
      filters: fields.objects("filters").map(filter),
      backends: backends.compactMap(backend), location: fields.location)
    fields.reportUnknownFields()
    return rule
  }

  private static func httpMatch(_ fields: FieldReader) -> GatewayAPIRoute.Match {
    let path = fields.object("path").map { path in
      // Gateway API, HTTPPathMatch: `type` is PathPrefix and `value` is "/" unless written.
      let match = textMatch(
        path, value: path.string("value")?.value ?? "/", otherwise: .pathPrefix)
      path.reportUnknownFields()
      return match
    }
    let match = GatewayAPIRoute.Match(
      path: path, headers: fields.objects("headers").compactMap(namedMatch),
      queryParameters: fields.objects("queryParams").compactMap(namedMatch),
      method: fields.string("method")?.value, location: fields.location)
    fields.reportUnknownFields()
    return match
  }

  private static func grpcMatch(_ fields: FieldReader) -> GatewayAPIRoute.Match {
    let method = fields.object("method").map { method in
      let read = GatewayAPIRoute.GRPCMethod(
        comparison: comparison(method, otherwise: .exact),
        service: method.string("service")?.value, method: method.string("method")?.value,
        location: method.location)
      method.reportUnknownFields()
      return read
    }
    let match = GatewayAPIRoute.Match(
      headers: fields.objects("headers").compactMap(namedMatch), grpcMethod: method,
      location: fields.location)
    fields.reportUnknownFields()
    return match
  }

  private static func namedMatch(_ fields: FieldReader) -> GatewayAPIRoute.NamedMatch? {
    guard let name = fields.string("name") else {
      fields.problem(
        "missing-field", "\(fields.path) has no name", at: fields.location, hint: "set \"name\"")
      return nil
    }
    let value = textMatch(fields, value: fields.string("value")?.value ?? "", otherwise: .exact)
    fields.reportUnknownFields()
    return GatewayAPIRoute.NamedMatch(name: name.value, value: value)
  }

  private static func textMatch(
    _ fields: FieldReader, value: String, otherwise: GatewayAPIRoute.Comparison
  ) -> GatewayAPIRoute.TextMatch {
    GatewayAPIRoute.TextMatch(
      comparison(fields, otherwise: otherwise), value, location: fields.location)
  }

  private static func comparison(
    _ fields: FieldReader, otherwise: GatewayAPIRoute.Comparison
  ) -> GatewayAPIRoute.Comparison {
    guard let type = fields.string("type") else { return otherwise }
    switch type.value {
    case "Exact": return .exact
    case "PathPrefix": return .pathPrefix
    case "RegularExpression": return .regularExpression
    default:
      fields.problem(
        "unknown-value", "\(fields.path).type is \"\(type.value)\"", at: type.location,
        hint: "expected one of \"Exact\", \"PathPrefix\", \"RegularExpression\"")
      return .unknown(type.value)
    }
  }

  private static func filter(_ fields: FieldReader) -> GatewayAPIRoute.Filter {
    let redirect = fields.object("requestRedirect")?.object("path")
    return GatewayAPIRoute.Filter(
      type: fields.string("type")?.value ?? "",
      redirectPath: redirect?.string("replaceFullPath")?.value
        ?? redirect?.string("replacePrefixMatch")?.value,
      location: fields.location)
  }

  private static func backend(_ fields: FieldReader) -> GatewayAPIRoute.Backend? {
    guard let name = fields.string("name") else { return nil }
    return GatewayAPIRoute.Backend(
      group: fields.string("group")?.value ?? "",
      kind: fields.string("kind")?.value ?? "Service",
      namespace: fields.string("namespace")?.value, name: name.value,
      port: fields.int("port")?.value, weight: fields.int("weight")?.value,
      location: fields.location)
  }
}
