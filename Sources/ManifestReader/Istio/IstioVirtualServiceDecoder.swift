import DocumentReader
import MeshModel

/// Reads Istio `VirtualService`: hosts, gateways and destinations.
enum IstioVirtualServiceDecoder: ResourceDecoder {
  static let kinds = [IstioDecoders.networking("VirtualService")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    let routes = ["http", "tls", "tcp"].flatMap { list in
      spec.objects(list).map { route($0, list) }
    }
    contents.inventory.istio.virtualServices.append(
      IstioVirtualService(
        metadata: object.metadata, hosts: spec.strings("hosts"),
        gateways: spec.strings("gateways"), exportTo: spec.strings("exportTo").map(\.value),
        routes: routes))
    spec.reportUnknownFields()
  }

  private static func route(_ fields: FieldReader, _ list: String) -> IstioVirtualService.Route {
    var mirrors = fields.object("mirror").flatMap(destination).map { [$0] } ?? []
    mirrors += fields.objects("mirrors").compactMap {
      $0.object("destination").flatMap(destination)
    }
    let destinations = fields.objects("route").compactMap { entry in
      (entry.object("destination").flatMap(destination)).map {
        var destination = $0
        destination.weight = entry.int("weight")?.value
        return destination
      }
    }
    var claimHeaders: [Located<String>] = []
    for match in fields.objects("match") {
      for field in ["headers", "withoutHeaders"] {
        for entry in match.raw(field)?.entries ?? [] where entry.key.hasPrefix("@") {
          claimHeaders.append(Located(entry.key, at: entry.keyLocation))
        }
      }
    }
    return IstioVirtualService.Route(
      list: list, destinations: destinations, mirrors: mirrors, claimHeaders: claimHeaders,
      directResponseStatus: fields.object("directResponse")?.int("status")?.value,
      location: fields.location)
  }

  private static func destination(_ fields: FieldReader) -> IstioVirtualService.Destination? {
    fields.string("host").map {
      IstioVirtualService.Destination(
        host: $0, subset: fields.string("subset")?.value,
        port: fields.object("port")?.int("number")?.value)
    }
  }
}
