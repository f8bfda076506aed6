/// An IPv4 or IPv6 address as 16 bytes; IPv4 is kept apart from its IPv4-mapped IPv6 form.
package struct IPAddress: Hashable, Sendable {
  package enum Family: Hashable, Sendable {
    case v4
    case v6
  }

  package let family: Family
  /// The high 64 bits (0 for IPv4).
  package let high: UInt64
  /// The low 64 bits; an IPv4 address stands in the lowest 32.
  package let low: UInt64

  package init(family: Family, high: UInt64, low: UInt64) {
    self.family = family
    self.high = high
    self.low = low
  }

  /// Reads `10.1.2.3` or `2001:db8::1` (RFC 4291 section 2.2); no zone, no brackets, no port.
  ///
  /// Decision: an IPv4-mapped IPv6 address (`::ffff:10.1.2.3`) is read as the IPv4 address, as Go's
  /// `net.ParseIP` and Envoy do when they compare with CIDR ranges.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    if let value = IPAddress.v4(bytes[...]) {
      self.init(family: .v4, high: 0, low: UInt64(value))
      return
    }
    guard let (high, low) = IPAddress.v6(bytes) else { return nil }
    if high == 0, low >> 32 == 0xFFFF {
      self.init(family: .v4, high: 0, low: low & 0xFFFF_FFFF)
    } else {
      self.init(family: .v6, high: high, low: low)
    }
  }

  /// The number of bits of the family: 32 or 128.
  package var bitCount: Int { family == .v4 ? 32 : 128 }

  private static func v4(_ bytes: ArraySlice<UInt8>) -> UInt32? {
    var value: UInt32 = 0
    var parts = 0
    var digits = 0
    var part: UInt32 = 0
    for byte in bytes {
      if byte == UInt8(ascii: ".") {
        guard digits > 0, parts < 3 else { return nil }
        value = value << 8 | part
        parts += 1
        digits = 0
        part = 0
      } else {
        guard (48...57).contains(byte), digits == 0 || part > 0 else { return nil }
        part = part * 10 + UInt32(byte - 48)
        digits += 1
        guard part <= 255 else { return nil }
      }
    }
    guard parts == 3, digits > 0 else { return nil }
    return value << 8 | part
  }

  private static func v6(_ bytes: [UInt8]) -> (UInt64, UInt64)? {
    var groups: [UInt16] = []
    var gap: Int?
    var index = 0
    if bytes.starts(with: [UInt8(ascii: ":"), UInt8(ascii: ":")]) {
      gap = 0
      index = 2
    }
    while index < bytes.count {
      let start = index
      var value: UInt32 = 0
      while index < bytes.count, let digit = hexDigit(bytes[index]) {
        value = value << 4 | digit
        index += 1
        guard index - start <= 4 else { return nil }
      }
      if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
        guard let tail = v4(bytes[start...]) else { return nil }
        groups += [UInt16(tail >> 16), UInt16(tail & 0xFFFF)]
        index = bytes.count
        break
      }
      guard index > start else { return nil }
      groups.append(UInt16(value))
      if index == bytes.count { break }
      guard bytes[index] == UInt8(ascii: ":") else { return nil }
      index += 1
      if index < bytes.count, bytes[index] == UInt8(ascii: ":") {
        guard gap == nil else { return nil }
        gap = groups.count
        index += 1
      } else if index == bytes.count {
        return nil
      }
    }
    if let gap {
      guard groups.count <= 7 else { return nil }
      groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
    }
    guard groups.count == 8 else { return nil }
    let high = groups[..<4].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
    let low = groups[4...].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
    return (high, low)
  }

  private static func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 48...57: UInt32(byte - 48)
    case 65...70: UInt32(byte - 55)
    case 97...102: UInt32(byte - 87)
    default: nil
    }
  }
}

extension IPAddress: CustomStringConvertible {
  /// Dotted decimal, or IPv6 in the form of RFC 5952.
  package var description: String {
    if family == .v4 {
      return [24, 16, 8, 0].map { String(low >> UInt64($0) & 0xFF) }.joined(separator: ".")
    }
    let groups =
      [48, 32, 16, 0].map { high >> UInt64($0) & 0xFFFF }
      + [48, 32, 16, 0].map { low >> UInt64($0) & 0xFFFF }
    var best = 0..<0
    var index = 0
    while index < 8 {
      var end = index
      while end < 8, groups[end] == 0 { end += 1 }
      if end - index > max(best.count, 1) { best = index..<end }
      index = max(end, index + 1)
    }
    let texts = groups.map { String($0, radix: 16) }
    if best.isEmpty { return texts.joined(separator: ":") }
    return texts[..<best.lowerBound].joined(separator: ":") + "::"
      + texts[best.upperBound...].joined(separator: ":")
  }
}

/// A range of addresses, `10.0.0.0/8`; host bits beyond the prefix are ignored when matching.
package struct AddressRange: Hashable, Sendable {
  package let base: IPAddress
  package let prefixLength: Int

  package init(base: IPAddress, prefixLength: Int) {
    self.base = base
    self.prefixLength = prefixLength
  }

  /// Reads `address/length`; a bare address is the range of that one address.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let base = IPAddress(String(parts[0])) else { return nil }
    if parts.count == 1 {
      self.init(base: base, prefixLength: base.bitCount)
      return
    }
    guard !parts[1].isEmpty, parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
      let length = Int(parts[1])
    else { return nil }
    // The length counts in the bits of the form that was written (Go's `net.ParseCIDR`): 104 bits of an
    // IPv4-mapped address are 8 of the IPv4 address, and fewer than 96 reach beyond IPv4.
    if base.family == .v4, parts[0].utf8.contains(UInt8(ascii: ":")) {
      guard length <= 128 else { return nil }
      self =
        length >= 96
        ? AddressRange(base: base, prefixLength: length - 96)
        : AddressRange(
          base: IPAddress(family: .v6, high: 0, low: 0xFFFF << 32 | base.low), prefixLength: length)
      return
    }
    guard length <= base.bitCount else { return nil }
    self.init(base: base, prefixLength: length)
  }

  package func contains(_ address: IPAddress) -> Bool {
    guard address.family == base.family else { return false }
    if base.family == .v4 {
      let shift = UInt64(32 - prefixLength)
      return base.low >> shift == address.low >> shift
    }
    if prefixLength <= 64 {
      return prefixLength == 0
        || base.high >> UInt64(64 - prefixLength) == address.high >> UInt64(64 - prefixLength)
    }
    let shift = UInt64(128 - prefixLength)
    return base.high == address.high && base.low >> shift == address.low >> shift
  }
}

extension AddressRange: CustomStringConvertible {
  package var description: String { "\(base)/\(prefixLength)" }
}
