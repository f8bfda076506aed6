import Foundation
import Synchronization
import Testing

/// The built program: run with arguments, its output and exit code captured.
struct MeshAuditProgram {
  struct Result {
    var exitCode: Int32
    var output: String
    var errors: String
    /// The signal that ended it, if one did.
    var signal: Int32?

    var lines: [Substring] { output.split(separator: "\n") }
  }

  /// `meshaudit` beside the test bundle; `MESHAUDIT_BINARY` names another, such as a release build.
  static let path: String = {
    if let path = ProcessInfo.processInfo.environment["MESHAUDIT_BINARY"] { return path }
    let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return bundle.deletingLastPathComponent().appendingPathComponent("meshaudit").path
  }()

  /// The checkout that holds `samples/`.
  static let checkout: String = {
    let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    return file.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .path
  }()

  /// Runs the program in `folder` and waits for its end, at most `seconds`.
  static func run(
    _ arguments: [String], in folder: String = checkout, environment: [String: String] = [:],
    input: String? = nil, seconds: Int = 60
  ) async throws -> Result {
    try await launch(
      path, arguments, in: folder, environment: environment, input: input, seconds: seconds)
  }

  /// Runs a line of shell in which `$MESHAUDIT` is the program.
  static func shell(_ line: String, in folder: String, seconds: Int = 60) async throws -> Result {
    try await launch(
      "/bin/sh", ["-c", line], in: folder, environment: ["MESHAUDIT": path], input: nil,
      seconds: seconds)
  }

  /// The rows of a query over `a.sqlite`, cells joined by `|`.
  static func rows(_ sql: String, in scratch: Scratch, database: String = "a.sqlite") async throws
    -> [String]
  {
    let result = try await run(
      ["query", "--database", database, sql, "--format", "csv"], in: scratch.path)
    expectExit(0, result)
    return result.output.components(separatedBy: "\r\n").dropFirst().filter { !$0.isEmpty }.map {
      $0.replacingOccurrences(of: "\",\"", with: "|").trimmingCharacters(in: ["\""])
    }
  }

  private static func launch(
    _ executable: String, _ arguments: [String], in folder: String,
    environment: [String: String], input: String?, seconds: Int
  ) async throws -> Result {
    await Slots.shared.enter()
    defer { Slots.shared.leave() }
    let capture = try Scratch()
    let process = Process()
    // `timeout` ends what hangs; nothing here waits for a clock of its own.
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    process.arguments = ["--signal=KILL", String(seconds), executable] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    var variables = ProcessInfo.processInfo.environment
    variables["TMPDIR"] = capture.path
    for (name, value) in environment { variables[name] = value }
    process.environment = variables
    try capture.write("in", input ?? "")
    process.standardInput = try FileHandle(forReadingFrom: capture.url("in"))
    process.standardOutput = try capture.handle("out")
    process.standardError = try capture.handle("err")
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in done.resume() }
      do {
        try process.run()
      } catch {
        process.terminationHandler = nil
        done.resume(throwing: error)
      }
    }
    let isSignal = process.terminationReason == .uncaughtSignal
    return Result(
      exitCode: process.terminationStatus, output: try capture.text("out"),
      errors: try capture.text("err"), signal: isSignal ? process.terminationStatus : nil)
  }
}

/// How many programs run at a time: tests start all at once, and a hundred programs side by side would
/// measure nothing but the machine.
private final class Slots: Sendable {
  static let shared = Slots()

  private struct State {
    var free = max(ProcessInfo.processInfo.activeProcessorCount, 2)
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  func enter() async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        guard state.free == 0 else {
          state.free -= 1
          return true
        }
        state.waiting.append(continuation)
        return false
      }
      if isFree { continuation.resume() }
    }
  }

  func leave() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
      state.free += 1
      return nil
    }
    next?.resume()
  }
}

/// Checks the exit code and shows what the program said when it is another.
func expectExit(
  _ code: Int32, _ result: MeshAuditProgram.Result,
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) {
  #expect(
    result.exitCode == code,
    "\(result.output.suffix(1500))\n\(result.errors.suffix(1500))", sourceLocation: sourceLocation)
}

/// Checks that a stream says `text`.
func expectSaid(
  _ text: String, _ stream: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
) {
  #expect(
    stream.contains(text), "expected: \(text)\nfound: \(stream.prefix(2000))",
    sourceLocation: sourceLocation)
}
