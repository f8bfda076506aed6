import Testing

@testable import AccessLogReader

@Suite struct ContentDigestTests {
  /// Digests of bytes 0, 1, …, 250, 0, … as the reference implementation gives them.
  static let known: [(Int, String)] = [
    (0, "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"),
    (1, "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213"),
    (64, "4eed7141ea4a5cd4b788606bd23f46e212af9cacebacdc7d1f4c6dc7f2511b98"),
    (65, "de1e5fa0be70df6d2be8fffd0e99ceaa8eb6e8c93a63f2d8d1c30ecb6b263dee"),
    (1023, "10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11"),
    (1024, "42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7"),
    (1025, "d00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444"),
    (2048, "e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a"),
    (2049, "5f4d72f40d7a5f82b15ca2b2e44b1de3c2ef86c426c95c1af0b6879522563030"),
    (3073, "7124b49501012f81cc7f11ca069ec9226cecb8a2c850cfe644e327d22d3e1cd3"),
    (4096, "015094013f57a5277b59d8475c0501042c0b642e531b0a1c8f58d2163229e969"),
    (5120, "9cadc15fed8b5d854562b26a9536d9707cadeda9b143978f319ab34230535833"),
    (7168, "61da957ec2499a95d6b8023e2b0e604ec7f6b50e80a9678b89d2628e99ada77a"),
    (8192, "aae792484c8efe4f19e2ca7d371d8c467ffb10748d8a5a1ae579948f718a2a63"),
    (16384, "f875d6646de28985646f34ee13be9a576fd515f76b5b0a26bb324735041ddde4"),
    (31744, "62b6960e1a44bcc1eb1a611a8d6235b6b4b78f32e7abc4fb4c6cdcce94895c47"),
    (102400, "bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085"),
    (1048577, "2f053cd7472cf0cd2f9adaf45c1180255b91b9a865404a63671a0ee5f792ed33"),
    (3145728, "c9e03344ea01f416e5fd2c4aa87b32f2b13e731d034be31898de3ce251926b1c"),
  ]

  static func input(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0 % 251) } }

  static func digest(_ bytes: [UInt8], cutAt cuts: [Int]) -> ContentDigest {
    var digest = ContentDigest()
    var from = 0
    for cut in cuts + [bytes.count] {
      bytes[from..<cut].withUnsafeBytes { digest.update($0) }
      from = cut
    }
    return digest
  }

  @Test(arguments: known) func agreesWithTheReference(_ count: Int, _ expected: String) {
    let digest = ContentDigestTests.digest(ContentDigestTests.input(count), cutAt: [])
    #expect(digest.hex == expected)
    #expect(digest.byteCount == count)
  }

  @Test func isTheSameHoweverTheBytesCome() {
    var random = MergeTests.Generator(state: 7)
    for (count, expected) in ContentDigestTests.known where count > 1 && count < 200_000 {
      let bytes = ContentDigestTests.input(count)
      for _ in 0..<8 {
        let cuts = (0..<Int.random(in: 1...6, using: &random)).map { _ in
          Int.random(in: 0...count, using: &random)
        }.sorted()
        #expect(
          ContentDigestTests.digest(bytes, cutAt: cuts).hex == expected, "\(count) at \(cuts)")
      }
    }
  }

  @Test func canBeTakenAtAnyTime() {
    let bytes = ContentDigestTests.input(31_744)
    var digest = ContentDigest()
    var from = 0
    for (count, expected) in ContentDigestTests.known where count <= bytes.count {
      bytes[from..<count].withUnsafeBytes { digest.update($0) }
      from = count
      #expect(digest.hex == expected)
    }
  }

  @Test(arguments: [102_400, 1_048_577, 3_145_728]) func partsGiveTheDigestOfTheWhole(
    _ count: Int
  ) throws {
    let expected = try #require(ContentDigestTests.known.first { $0.0 == count }?.1)
    let bytes = ContentDigestTests.input(count)
    for partChunks in [1, 4, 64, 1024] {
      let size = partChunks * ContentDigest.chunkByteCount
      var whole = ContentDigest()
      var lower = 0
      while lower < count {
        var part = ContentDigest(offset: lower)
        let upper = min(lower + size, count)
        bytes[lower..<upper].withUnsafeBytes { part.update($0) }
        if upper - lower == size, upper < count || lower > 0 {
          whole.append(value: part.subtreeValue, chunks: partChunks)
        } else {
          whole.append(part)
        }
        lower = upper
      }
      #expect(whole.hex == expected, "parts of \(partChunks) chunks")
      #expect(whole.byteCount == count)
    }
  }
}
