import MeshModel

/// Every decoder by kind.
enum ResourceDecoders {
  static let byKind: [ResourceKind: any ResourceDecoder.Type] = {
    let all: [any ResourceDecoder.Type] =
      KubernetesDecoders.all + NetworkPolicyDecoders.all + IstioDecoders.all + LinkerdDecoders.all
      + GatewayDecoders.all + CertificateDecoders.all
    var byKind: [ResourceKind: any ResourceDecoder.Type] = [:]
    for decoder in all {
      for kind in decoder.kinds { byKind[kind] = decoder }
    }
    return byKind
  }()
}
