/// Decoders of NetworkPolicy and the administrator's policies.
enum NetworkPolicyDecoders {
  static let all: [any ResourceDecoder.Type] = [
    NetworkPolicyDecoder.self, AdminNetworkPolicyDecoder.self,
  ]
}
