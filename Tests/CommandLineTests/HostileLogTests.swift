import Foundation
import Testing

/// Streams that nobody tidied up: huge lines, several writers in one file, standard input.
@Suite struct HostileLogTests {
  private struct Header: Decodable {
    struct Lines: Decodable {
      var read: Int
      var rejected: Int
      var tooLong: Int
    }

    var lines: Lines
  }

  private func header(_ summary: String) throws -> Header {
    let line = try #require(summary.split(separator: "\n").first)
    return try JSONDecoder().decode(Header.self, from: Data(line.utf8))
  }

  /// The program has less memory to address than the line is long and some more for its own code.
  @Test func lineOfAHundredMegabytesIsSkippedInBoundedMemory() async throws {
    let scratch = try Scratch()
    try scratch.write("small.log", SmallMesh.log(20))
    let result = try await MeshAuditProgram.shell(
      """
      { cat small.log; head -c 100000000 /dev/zero | tr '\\0' x; echo; cat small.log; } > long.log
      ulimit -d 90000
      "$MESHAUDIT" summarize long.log --out -
      """, in: scratch.path, seconds: 120)
    expectExit(0, result)
    let header = try header(result.output)
    #expect(header.lines.read == 40)
    #expect(header.lines.tooLong == 1)
    expectSaid("long.log:21:1: warning: the line is longer than", result.errors)
  }

  /// What a collector writes when several proxies share a stream: each line is read in its own format, and
  /// each record says in which.
  @Test func severalStreamsMixedInOneFileAreTakenApart() async throws {
    let scratch = try Scratch()
    let lines = MeshAuditProgram.checkout + "/Tests/Data/access-logs/lines/"
    let names = ["istio-text", "istio-json", "linkerd-json", "linkerd-text", "ztunnel", "cri"]
    var streams = try names.map { name in
      try String(contentsOfFile: lines + name + ".log", encoding: .utf8).split(separator: "\n")
    }
    let total = streams.reduce(0) { $0 + $1.count }
    var mixed = ""
    while streams.contains(where: { !$0.isEmpty }) {
      for index in streams.indices where !streams[index].isEmpty {
        mixed += streams[index].removeFirst() + "\n"
      }
    }
    try scratch.write("mixed.log", mixed)
    let fromFile = try await MeshAuditProgram.run(
      ["summarize", "mixed.log", "--out", "-", "--quiet"], in: scratch.path)
    expectExit(0, fromFile)
    #expect(try header(fromFile.output).lines.read == total)
    for format in ["istio-text", "istio-json", "linkerd-json", "linkerd-apache", "ztunnel"] {
      #expect(fromFile.output.contains("\"\(format)"), "\(format)")
    }
    let fromInput = try await MeshAuditProgram.run(
      ["summarize", "-", "--out", "-", "--quiet"], in: scratch.path, input: mixed)
    expectExit(0, fromInput)
    #expect(fromInput.output == fromFile.output)
  }

  @Test func oneOfEachIsSaidInTheSingular() async throws {
    let scratch = try Scratch()
    try scratch.write("one.log", SmallMesh.log(1))
    let result = try await MeshAuditProgram.run(
      ["summarize", "one.log", "--out", "out.jsonl"], in: scratch.path)
    expectExit(0, result)
    expectSaid("1 log, 1 line read, 0 not read, 1 record; wrote out.jsonl", result.errors)
  }
}
