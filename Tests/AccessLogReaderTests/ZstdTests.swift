import Foundation
import Testing

@testable import AccessLogReader

@Suite struct ZstdTests {
  /// `printf 'one\ntwo\n' | zstd`, with a checksum.
  static let frame: [UInt8] = [
    0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58, 0x41, 0x00, 0x00, 0x6f, 0x6e, 0x65,
    0x0a, 0x74, 0x77, 0x6f, 0x0a, 0xe6, 0xa6, 0x0e, 0x40,
  ]

  func inflate(_ bytes: [UInt8], block: Int = 1 << 16, limits: InflateLimits = InflateLimits())
    throws -> String
  {
    var reader = InflatingReader(format: .zstd, limits: limits, blockByteCount: 4096)
    var output: [UInt8] = []
    var position = 0
    while position < bytes.count {
      let end = min(bytes.count, position + block)
      try bytes[position..<end].withUnsafeBytes { (part) throws(any Error) in
        try reader.inflate(part) { output.append(contentsOf: $0) }
      }
      position = end
    }
    try reader.finish()
    return String(decoding: output, as: UTF8.self)
  }

  @Test func isRecognisedByContent() {
    Self.frame.withUnsafeBytes { #expect(InflatingReader.format($0) == .zstd) }
  }

  @Test func framesFollowEachOtherAndBlocksMayEndAnywhere() throws {
    // A frame that is to be skipped (RFC 8878 section 3.1.2), three bytes of it.
    let skippable: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
    let bytes = Self.frame + skippable + Self.frame
    for block in [1, 2, 5, 1000] {
      #expect(try inflate(bytes, block: block) == "one\ntwo\none\ntwo\n")
    }
  }

  @Test func cutsChangesAndStrangersAreTold() throws {
    for cut in 1..<Self.frame.count {
      #expect(throws: InflateError(code: .truncated, message: "")) {
        try inflate(Array(Self.frame[..<cut]))
      }
    }
    var changed = Self.frame
    changed[changed.count - 1] ^= 1
    #expect(throws: InflateError(code: .corrupt, message: "")) { try inflate(changed) }
    #expect(throws: InflateError(code: .corrupt, message: "")) { try inflate(Self.frame + [7]) }
  }

  @Test func bombsAreStopped() throws {
    #expect(throws: InflateError(code: .tooLarge, message: "")) {
      try inflate(Self.frame, limits: InflateLimits(byteCount: 4))
    }
  }
}
