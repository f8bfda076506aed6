/// A block of addresses with holes: `cidr` and `except` of NetworkPolicy's ipBlock, of Linkerd's
/// networks and of EgressNetwork.
package struct AddressBlock: Hashable, Sendable {
  package var range: AddressRange
  package var exceptions: [AddressRange]
  package var location: SourceLocation

  package init(range: AddressRange, exceptions: [AddressRange] = [], location: SourceLocation) {
    self.range = range
    self.exceptions = exceptions
    self.location = location
  }

  package func contains(_ address: IPAddress) -> Bool {
    range.contains(address) && !exceptions.contains { $0.contains(address) }
  }

  /// `10.0.0.0/8 except 10.20.0.0/16`, as messages name it.
  package var text: String {
    exceptions.isEmpty
      ? "\(range)" : "\(range) except \(exceptions.map(\.description).joined(separator: ", "))"
  }
}

extension AddressRange {
  /// Whether every address of `other` is in this range.
  package func contains(_ other: AddressRange) -> Bool {
    prefixLength <= other.prefixLength && contains(other.base)
  }

  /// Whether some address is in both ranges.
  package func overlaps(_ other: AddressRange) -> Bool { contains(other) || other.contains(self) }

  /// All IPv4 and all IPv6 addresses.
  package static let everything = [
    AddressRange(base: IPAddress(family: .v4, high: 0, low: 0), prefixLength: 0),
    AddressRange(base: IPAddress(family: .v6, high: 0, low: 0), prefixLength: 0),
  ]
}

/// A port as a policy names it: a number, or a name that each pod resolves for itself.
package enum PortReference: Hashable, Sendable {
  case number(Int)
  case name(String)
}

extension PortReference: CustomStringConvertible {
  package var description: String {
    switch self {
    case .number(let number): String(number)
    case .name(let name): name
    }
  }
}
