/// Decoders of the Linkerd kinds.
enum LinkerdDecoders {
  static let all: [any ResourceDecoder.Type] = []
}
