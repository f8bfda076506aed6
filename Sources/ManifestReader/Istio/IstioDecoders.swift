/// Decoders of the Istio kinds.
enum IstioDecoders {
  static let all: [any ResourceDecoder.Type] = []
}
