import Foundation
import MeshModel
import Testing

@testable import AccessLogReader

@Suite struct InflatingReaderTests {
  func compressed() throws -> [UInt8] {
    Array(
      try Data(contentsOf: accessLogData.appendingPathComponent("generated.linkerd-text.log.gz")))
  }

  @Test func everyCutIsTruncatedAndNothingCrashes() throws {
    let bytes = Array(try compressed())
    var cuts = Array(0..<64)
    cuts += stride(from: 64, to: bytes.count, by: 997)
    cuts += (bytes.count - 64)..<bytes.count
    for cut in cuts {
      #expect(throws: InflateError(code: .truncated, message: "")) {
        try inflated(Array(bytes[..<cut]))
      }
    }
  }

  @Test func blocksMayEndAnywhere() throws {
    let bytes = try compressed()
    let whole = try inflated(bytes)
    #expect(try inflated(bytes, block: 1) == whole)
    #expect(try inflated(bytes, block: 4097) == whole)
  }

  @Test func membersFollowEachOtherAndZerosArePadding() throws {
    let bytes = try compressed()
    let whole = try inflated(bytes)
    #expect(try inflated(bytes + bytes) == whole + whole)
    #expect(try inflated(bytes + [0, 0, 0]) == whole)
    #expect(throws: InflateError(code: .corrupt, message: "")) { try inflated(bytes + [7]) }
  }

  @Test func changedBytesAreCorrupt() throws {
    var bytes = try compressed()
    bytes[bytes.count / 2] ^= 0x55
    #expect(throws: InflateError(code: .corrupt, message: "")) { try inflated(bytes) }
    #expect(throws: InflateError(code: .corrupt, message: "")) {
      try inflated(Array("plain text".utf8))
    }
  }

  @Test func bombsAreStopped() throws {
    let bomb = try Array(
      Data(contentsOf: accessLogData.appendingPathComponent("zeros-16m.gz")))
    #expect(throws: InflateError(code: .tooLarge, message: "")) { try inflated(bomb) }
    #expect(throws: InflateError(code: .tooLarge, message: "")) {
      try inflated(
        try compressed(), limits: InflateLimits(byteCount: 1000, ratio: 1_000_000))
    }
  }
}
