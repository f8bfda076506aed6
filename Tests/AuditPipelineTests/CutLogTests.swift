import AccessLogReader
import AuditModel
import Foundation
import MeshModel
import Testing

@testable import AuditPipeline

/// A compressed log that was cut at any byte counts nothing, and says so.
@Suite struct CutLogTests {
  private static func bytes(_ name: String) throws -> Data {
    try Data(
      contentsOf: URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Data/access-logs/\(name)"))
  }

  private static func parsed(_ path: String) -> ParsedLog {
    ParsedLog.parse(
      LogWork(
        log: LogInput(file: InputFile(path: path, isExplicit: true), format: "istio-text"),
        segments: nil),
      options: AccessLogOptions(), directory: TrafficDirectory(), counted: [:])
  }

  @Test(arguments: [("small.log.gz", 3), ("small.log.zst", 4)])
  func everyCutIsAFailureThatCountsNothing(name: String, magicByteCount: Int) throws {
    let whole = try Self.bytes(name)
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("meshaudit-cut-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("access.log").path
    for count in 0..<whole.count {
      try whole.prefix(count).write(to: URL(fileURLWithPath: path))
      let log = Self.parsed(path)
      #expect(log.result?.requests.isEmpty != false, "cut at \(count)")
      let file = ParsedFile.parse(
        InputFile(path: path, isExplicit: true), spool: Spool())
      // Fewer bytes than the magic number may be anything.
      guard count >= magicByteCount else { continue }
      #expect(log.record.status == .failed, "cut at \(count)")
      #expect(!log.isComplete, "cut at \(count)")
      #expect(
        log.record.reason?.hasSuffix("without its trailer; nothing of it was counted") == true,
        "cut at \(count): \(log.record.reason ?? "")")
      switch file.content {
      // What it is shows in what could be inflated, or it is refused at once, or when no format fits.
      case .log, .failed: break
      case .lines: #expect(file.inflatingProblem != nil, "cut at \(count)")
      default: Issue.record("cut at \(count) was taken for \(file.content)")
      }
    }
    try whole.write(to: URL(fileURLWithPath: path))
    let log = Self.parsed(path)
    #expect(log.record.status == .read)
    #expect(log.record.recordCount == 12)
  }
}
