import Testing

@testable import MeshModel

@Suite struct IPAddressTests {
  /// Texts and their form in RFC 5952 (section 4: lower case, no leading zeros, the longest run of
  /// two or more zero groups shortened, the first of equal ones).
  @Test(arguments: [
    ("10.1.2.3", "10.1.2.3"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
    ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:db8::1", "2001:db8::1"),
    ("2001:0DB8:0000:0000:0000:0000:0000:0001", "2001:db8::1"),
    ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
    ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
    ("::ffff:10.1.2.3", "10.1.2.3"), ("::FFFF:0a01:0203", "10.1.2.3"), ("::1.2.3.4", "::102:304"),
    ("64:ff9b::1.2.3.4", "64:ff9b::102:304"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
    ("fe80::", "fe80::"), ("0:0:1::", "0:0:1::"), ("a:b:c:d:e:f:0:0", "a:b:c:d:e:f::"),
  ])
  func textIsReadAndPrinted(text: String, canonical: String) throws {
    let address = try #require(IPAddress(text))
    #expect(address.description == canonical)
    #expect(IPAddress(canonical) == address)
  }

  @Test(arguments: [
    "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.", ".1.2.3", "1..2.3",
    "1.2.3.4 ",
    "1.2.3.-4", "0x1.2.3.4", ":", ":::", "1:::2", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "12345::", "g::", "1:", ":1", "::1%eth0", "[::1]",
    "::1.2.3", "1.2.3.4::", "::1.2.3.4:5", "1:2:3:4:5:6:7:1.2.3.4", "10.0.0.1/8", "१.२.३.४",
  ])
  func otherTextIsNot(text: String) { #expect(IPAddress(text) == nil) }

  @Test func randomAddressesReadBack() {
    var random = SplitMix(seed: 0xADD8)
    for _ in 0..<20_000 {
      // Zero groups are made frequent, so that every way of shortening occurs.
      let groups = (0..<8).map { _ in random.next() % 3 == 0 ? random.next() & 0xFFFF : 0 }
      let high = groups[..<4].reduce(0) { $0 << 16 | $1 }
      let low = groups[4...].reduce(0) { $0 << 16 | $1 }
      let address = IPAddress(family: .v6, high: high, low: low)
      let isMapped = high == 0 && low >> 32 == 0xFFFF
      let full = groups.map { String($0, radix: 16) }.joined(separator: ":")
      #expect(IPAddress(full) == IPAddress(address.description))
      if !isMapped { #expect(IPAddress(address.description) == address) }
    }
  }
}

@Suite struct AddressRangeTests {
  @Test(arguments: [
    ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.0", false),
    ("10.9.8.7/8", "10.0.0.1", true), ("0.0.0.0/0", "255.1.2.3", true), ("0.0.0.0/0", "::1", false),
    ("::/0", "::1", true), ("::/0", "10.0.0.1", false), ("10.1.2.3", "10.1.2.3", true),
    ("10.1.2.3", "10.1.2.4", false), ("10.1.2.2/31", "10.1.2.3", true),
    ("10.1.2.3/32", "10.1.2.3", true),
    ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false),
    ("2001:db8::/64", "2001:db8::ffff:1", true), ("2001:db8::/64", "2001:db8:0:1::", false),
    ("2001:db8::/65", "2001:db8::7fff:0:0:1", true),
    ("2001:db8::/65", "2001:db8::8000:0:0:1", false),
    ("2001:db8::1/128", "2001:db8::1", true), ("2001:db8::1/128", "2001:db8::2", false),
    ("::ffff:10.0.0.0/8", "10.1.1.1", false), ("::ffff:10.0.0.0/104", "10.1.1.1", true),
    ("10.0.0.0/8", "::ffff:10.1.1.1", true),
  ])
  func membership(range: String, address: String, isInside: Bool) throws {
    let parsed = try #require(AddressRange(range))
    #expect(parsed.contains(try #require(IPAddress(address))) == isInside)
  }

  @Test(arguments: [
    "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "::/129", "/8", "",
    "10.0.0.0/8 ", "a/8", "::ffff:10.0.0.0/129",
  ])
  func otherTextIsNoRange(text: String) { #expect(AddressRange(text) == nil) }

  /// Go's `net.ParseCIDR` counts the length of a mapped address in 128 bits.
  @Test func lengthsOfMappedAddressesCountInTheirOwnForm() throws {
    let range = try #require(AddressRange("::ffff:10.0.0.0/104"))
    #expect(range == AddressRange("10.0.0.0/8"))
    #expect(range.description == "10.0.0.0/8")
  }

  @Test func membershipAgreesWithBitByBitComparison() {
    var random = SplitMix(seed: 0xC1D8)
    for _ in 0..<20_000 {
      let isV4 = random.next() & 1 == 0
      let base =
        isV4
        ? IPAddress(family: .v4, high: 0, low: random.next() & 0xFFFF_FFFF)
        : IPAddress(family: .v6, high: random.next(), low: random.next())
      let length = Int(random.next() % UInt64(base.bitCount + 1))
      let flip = Int(random.next() % UInt64(base.bitCount))
      let fromTop = isV4 ? flip + 96 : flip
      let other = IPAddress(
        family: base.family,
        high: fromTop < 64 ? base.high ^ (1 << UInt64(63 - fromTop)) : base.high,
        low: fromTop >= 64 ? base.low ^ (1 << UInt64(127 - fromTop)) : base.low)
      let range = AddressRange(base: base, prefixLength: length)
      #expect(range.contains(base))
      #expect(range.contains(other) == (flip >= length))
    }
  }
}
