/// A fast hash of at least 8 bytes: two multiplications of 64 to 128 bits for every 32 bytes, in the
/// manner of wyhash.
///
/// Not cryptographic: whoever knows the seed can make bytes with the same hash.
enum ByteHash {
  @inline(__always)
  static func hash(_ bytes: UnsafePointer<UInt8>, _ count: Int, seed: UInt64) -> UInt64 {
    let raw = UnsafeRawPointer(bytes)
    var first = seed
    var second = seed ^ 0xA076_1D64_78BD_642F
    var offset = 0
    while offset + 32 <= count {
      first = mix(
        word(raw, offset) ^ 0xE703_7ED1_A0B4_28DB, word(raw, offset + 8) ^ first)
      second = mix(
        word(raw, offset + 16) ^ 0x8EBC_6AF0_9C88_C6E3, word(raw, offset + 24) ^ second)
      offset += 32
    }
    while offset + 8 < count {
      first = mix(word(raw, offset) ^ 0x5899_65CC_7537_4CC3, first)
      offset += 8
    }
    return mix(
      first ^ word(raw, count - 8) ^ 0x1D8E_4E27_C47D_124F,
      second ^ (UInt64(count) &* 0x9E37_79B9_7F4A_7C15))
  }

  /// A faster and weaker one, of the first and the last 8 bytes alone.
  @inline(__always)
  static func product(_ bytes: UnsafePointer<UInt8>, _ count: Int, seed: UInt64) -> UInt64 {
    let raw = UnsafeRawPointer(bytes)
    return mix(word(raw, 0) ^ seed, word(raw, count - 8) ^ 0xE703_7ED1_A0B4_28DB)
  }

  /// Eight bytes as a number, the same on every machine.
  @inline(__always)
  private static func word(_ raw: UnsafeRawPointer, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inline(__always)
  private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}
