import AccessLogReader
import AuditModel
import Foundation
import MeshModel
import Testing

@testable import AuditPipeline

/// Logs that are written to, replaced or emptied while they are read.
@Suite struct ChangingFileTests {
  private final class Folder {
    let url: URL

    init() throws {
      url = FileManager.default.temporaryDirectory
        .appendingPathComponent("meshaudit-changing-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
  }

  private static let byteCount = 1 << 20
  private static let old = Data(repeating: UInt8(ascii: "a"), count: byteCount)

  /// Reads the rest of a file; returns the number of bytes and whether all were those of `old`.
  private func rest(_ file: SourceFile) throws -> (count: Int, isOld: Bool) {
    var count = 0
    var isOld = true
    while let block = try file.next() {
      count += block.count
      isOld = isOld && block.allSatisfy { $0 == UInt8(ascii: "a") }
    }
    return (count, isOld)
  }

  @Test func whatIsAddedAfterOpeningIsLeftForTheNextRun() throws {
    let folder = try Folder()
    try Self.old.write(to: folder.url.appendingPathComponent("access.log"))
    let file = try SourceFile(path: folder.path("access.log"))
    let first = try #require(try file.next()).count
    let handle = try FileHandle(forWritingTo: folder.url.appendingPathComponent("access.log"))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("later\n".utf8))
    let rest = try rest(file)
    #expect(first + rest.count == Self.byteCount)
    #expect(rest.isOld)
    let note = GrownFile.note(
      path: "access.log", counted: 1_000, size: file.size, now: file.currentSize)
    #expect(note?.severity == .note)
    #expect(
      note?.message
        == "\"access.log\" grew from 1048576 to 1048582 bytes while it was read, and was counted up to byte 1000"
    )
    #expect(GrownFile.note(path: "a", counted: 1, size: file.size, now: file.size) == nil)
  }

  @Test func aFileThatIsReplacedIsReadToItsOwnEnd() throws {
    let folder = try Folder()
    try Self.old.write(to: folder.url.appendingPathComponent("access.log"))
    let file = try SourceFile(path: folder.path("access.log"))
    _ = try file.next()
    try Data("new\n".utf8).write(to: folder.url.appendingPathComponent("new.log"))
    try #require(rename(folder.path("new.log"), folder.path("access.log")) == 0)
    #expect(try rest(file).isOld)
    #expect(file.byteCount == Self.byteCount)
  }

  @Test func aFileThatIsEmptiedIsAFailure() throws {
    let folder = try Folder()
    try Self.old.write(to: folder.url.appendingPathComponent("access.log"))
    let file = try SourceFile(path: folder.path("access.log"))
    _ = try file.next()
    try #require(truncate(folder.path("access.log"), 1000) == 0)
    #expect(throws: SourceFile.Failure.self) { try rest(file) }
  }

  /// A last line that was only half written counts when it is whole, once.
  @Test func aHalfWrittenLineIsCountedByTheNextRun() throws {
    let folder = try Folder()
    func line(_ number: Int) -> String {
      "[2026-11-19T10:0\(number):21.404Z] \"GET /v1/plans HTTP/1.1\" 200 - via_upstream - \"-\" 10 20 3 2 "
        + "\"-\" \"agent/1\" \"id-\(number)\" \"planner.agents:8080\" \"10.1.1.2:8080\" inbound|8080|| "
        + "127.0.0.6:5399 10.1.1.2:8080 10.1.1.3:57395 - default\n"
    }
    let url = folder.url.appendingPathComponent("access.log")
    func read(counted: [Int: Set<String>]) -> ParsedLog {
      ParsedLog.parse(
        LogWork(
          log: LogInput(file: InputFile(path: url.path, isExplicit: true), format: "istio-text"),
          segments: nil),
        options: AccessLogOptions(), directory: TrafficDirectory(), counted: counted)
    }
    try Data((line(1) + line(2) + line(3).prefix(70)).utf8).write(to: url)
    let first = read(counted: [:])
    #expect(first.record.recordCount == 2)
    #expect(first.content.byteCount == (line(1) + line(2)).utf8.count)
    try Data((line(1) + line(2) + line(3)).utf8).write(to: url)
    let second = read(counted: [first.content.byteCount: [first.content.digest]])
    #expect(second.record.recordCount == 1)
    #expect(second.countedByteCount == first.content.byteCount)
    #expect(second.head == first.head && !first.head.isEmpty)
  }
}
