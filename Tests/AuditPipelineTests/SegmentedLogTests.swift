import Foundation
import MeshModel
import Testing

@testable import AccessLogReader
@testable import AuditPipeline

/// A log that threads share gives what one reader gives.
@Suite struct SegmentedLogTests {
  struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  private static func line(_ number: Int, longer: Int) -> String {
    let path = "/v1/documents/\(number)/" + String(repeating: "x", count: longer)
    return
      "[2026-11-24T0\(number % 10):37:34.318Z] \"GET \(path) HTTP/1.1\" 200 - via_upstream - \"-\" "
      + "\(number) 31 4 3 \"-\" \"agent\" \"id-\(number)\" \"retriever.agents:8080\" \"10.0.0.9:8080\" "
      + "outbound|8080||retriever.agents.svc.cluster.local 10.0.0.\(number % 7):41000 10.0.0.9:8080 "
      + "10.0.0.\(number % 7):52000 - default"
  }

  /// Lines that are read and lines that are not, of lengths around a segment's and a block's.
  private static func log(_ random: inout Generator, endsInLine: Bool) -> [UInt8] {
    var text = ""
    for number in 0..<Int.random(in: 40...200, using: &random) {
      switch Int.random(in: 0..<20, using: &random) {
      case 0: text += "no access log line at all"
      case 1: break
      case 2: text += line(number, longer: Int.random(in: 900...3000, using: &random))
      default: text += line(number, longer: Int.random(in: 0...40, using: &random))
      }
      text += "\n"
    }
    if endsInLine { text += line(1, longer: 3).prefix(100) }
    return Array(text.utf8)
  }

  private static let options = {
    var options = AccessLogOptions()
    options.exampleLimit = 100
    options.longestLine = 2500
    options.unknownAddress = .keep
    return options
  }()

  private static func scanner(longestLine: Int = 2500) -> AccessLogScanner {
    var options = options
    options.longestLine = longestLine
    return AccessLogScanner(options: options, directory: TrafficDirectory(), path: "access.log")
  }

  private static func scan(_ bytes: ArraySlice<UInt8>, longestLine: Int = 2500)
    -> AccessLogResult
  {
    var scanner = scanner(longestLine: longestLine)
    bytes.withUnsafeBytes { scanner.consume($0) }
    return scanner.finish()
  }

  private static func digest(_ bytes: ArraySlice<UInt8>) -> ContentDigest {
    var digest = ContentDigest()
    bytes.withUnsafeBytes { digest.update($0) }
    return digest
  }

  private static func read(
    _ bytes: [UInt8], threads: Int, segment: Int, isWrapped: Bool = false,
    tail: Int = 64 << 10, known: [Int: Set<String>] = [:], longestLine: Int = 2500
  ) async throws -> SegmentedLog.Outcome {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "segments-\(UUID().uuidString)")
    try Data(bytes).write(to: folder)
    defer { try? FileManager.default.removeItem(at: folder) }
    let log = SegmentedLog(
      file: InputFile(path: "access.log", isExplicit: true, storage: folder.path),
      size: bytes.count, threads: threads, hashes: true, isWrapped: isWrapped, known: known,
      segmentByteCount: segment, tailByteCount: tail)
    let parts = try await withThrowingTaskGroup(of: SegmentedLog.Part.self) { group in
      for _ in 0..<threads { group.addTask { try log.read(scanner(longestLine: longestLine)) } }
      var parts: [SegmentedLog.Part] = []
      for try await part in group { parts.append(part) }
      return parts
    }
    return log.outcome(of: parts, options: options)
  }

  @Test(arguments: 1...24 as ClosedRange<UInt64>)
  func threadsReadWhatOneReads(seed: UInt64) async throws {
    var random = Generator(state: seed)
    let bytes = SegmentedLogTests.log(&random, endsInLine: seed % 2 == 0)
    let expected = SegmentedLogTests.scan(bytes[...])
    let outcome = try await SegmentedLogTests.read(
      bytes, threads: 1 + Int(seed % 3), segment: 1024 << Int(seed % 4))
    #expect(outcome.result.requests == expected.requests)
    #expect(outcome.result.counts == expected.counts)
    #expect(outcome.result.examples == expected.examples)
    let contents = try #require(outcome.contents)
    #expect(contents.whole.digest == SegmentedLogTests.digest(bytes[...]).hex)
    #expect(contents.whole.byteCount == bytes.count)
    if expected.counts.unterminated > 0 {
      let end = try #require(bytes.lastIndex(of: 10)) + 1
      #expect(contents.complete.digest == SegmentedLogTests.digest(bytes[..<end]).hex)
      #expect(contents.complete.byteCount == end)
    }
  }

  /// The lines as a container runtime writes them: long ones in parts, with lines of the other stream in
  /// between.
  private static func wrapped(_ bytes: [UInt8], _ random: inout Generator) -> [UInt8] {
    let time = Array("2026-11-24T02:37:34.318000001Z ".utf8)
    var result: [UInt8] = []
    func put(_ stream: String, _ tag: String, _ part: ArraySlice<UInt8>) {
      result += time + Array("\(stream) \(tag) ".utf8) + part + [10]
    }
    for line in bytes.split(separator: 10, omittingEmptySubsequences: false) {
      var rest = line
      // A runtime's own lines are never too long.
      while rest.count > 1_500 || rest.count > 150 && Bool.random(using: &random) {
        let count = Int.random(in: 0...min(rest.count, 1_500), using: &random)
        put("stdout", "P", rest.prefix(count))
        rest = rest.dropFirst(count)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: put("stderr", "P", Array("info\tone half".utf8)[...])
        case 1: put("stderr", "F", Array("info\tanother".utf8)[...])
        default: break
        }
      }
      put("stdout", "F", rest)
    }
    return result
  }

  @Test(arguments: 1...60 as ClosedRange<UInt64>)
  func partsOfLinesAreReadWithTheirLine(seed: UInt64) async throws {
    var random = Generator(state: seed)
    var bytes = SegmentedLogTests.wrapped(
      SegmentedLogTests.log(&random, endsInLine: false), &random)
    if seed % 4 == 0 { bytes.removeLast(Int.random(in: 1...300, using: &random)) }
    let expected = SegmentedLogTests.scan(bytes[...])
    let outcome = try await SegmentedLogTests.read(
      bytes, threads: 1 + Int(seed % 3), segment: 1024 << Int(seed % 4), isWrapped: true,
      tail: seed % 5 == 0 ? 64 << 10 : 100 << Int(seed % 5))
    #expect(outcome.result.requests == expected.requests)
    #expect(outcome.result.counts == expected.counts)
    #expect(outcome.contents?.whole.digest == SegmentedLogTests.digest(bytes[...]).hex)
  }

  /// The lines as Docker writes them: long ones in records of 16 KiB.
  private static func records(_ bytes: [UInt8], _ random: inout Generator) -> [UInt8] {
    var result: [UInt8] = []
    func put(_ stream: String, _ text: String) {
      let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        .replacing("\n", with: "\\n")
      result += Array(
        "{\"log\":\"\(escaped)\",\"stream\":\"\(stream)\",\"time\":\"2026-11-24T02:37:34Z\"}\n".utf8
      )
    }
    for line in bytes.split(separator: 10) {
      var text = String(decoding: line, as: UTF8.self)
      if Int.random(in: 0..<8, using: &random) == 0 {
        text = text.replacing(
          "\"agent\"",
          with: "\"" + String(repeating: "y", count: .random(in: 15_000...50_000, using: &random))
            + "\"")
      }
      var rest = Substring(text + "\n")
      while rest.utf8.count > 16 << 10 {
        put("stdout", String(rest.prefix(16 << 10)))
        rest = rest.dropFirst(16 << 10)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: put("stderr", String(repeating: "z", count: 16 << 10))
        case 1: put("stderr", "info\tone line\n")
        default: break
        }
      }
      put("stdout", String(rest))
    }
    return result
  }

  @Test(arguments: 1...24 as ClosedRange<UInt64>)
  func recordsOfLinesAreReadWithTheirLine(seed: UInt64) async throws {
    var random = Generator(state: seed)
    let bytes = SegmentedLogTests.records(
      SegmentedLogTests.log(&random, endsInLine: false), &random)
    let expected = SegmentedLogTests.scan(bytes[...], longestLine: 90_000)
    #expect(expected.counts.read > 20)
    let outcome = try await SegmentedLogTests.read(
      bytes, threads: 1 + Int(seed % 3), segment: 1024 << Int(seed % 7), isWrapped: true,
      tail: seed % 5 == 0 ? 64 << 10 : 100 << Int(seed % 5), longestLine: 90_000)
    #expect(outcome.result.requests == expected.requests)
    #expect(outcome.result.counts == expected.counts)
  }

  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func whatWasCountedIsNotReadAgain(seed: UInt64) async throws {
    var random = Generator(state: seed)
    let bytes = SegmentedLogTests.log(&random, endsInLine: false)
    let newlines = bytes.indices.filter { bytes[$0] == 10 }
    let length = try #require(newlines.randomElement(using: &random)) + 1
    let known: [Int: Set<String>] = [
      length: [SegmentedLogTests.digest(bytes[..<length]).hex],
      length / 2: ["another"], bytes.count + 5: ["longer"],
    ]
    let outcome = try await SegmentedLogTests.read(bytes, threads: 2, segment: 2048, known: known)
    let expected = SegmentedLogTests.scan(bytes[length...])
    #expect(outcome.result.requests == expected.requests)
    var examples = expected.examples
    let counted = newlines.filter { $0 < length }.count
    for index in examples.indices { examples[index].line += counted }
    #expect(outcome.result.examples == examples)
    #expect(outcome.contents?.whole.digest == SegmentedLogTests.digest(bytes[...]).hex)
  }
}
