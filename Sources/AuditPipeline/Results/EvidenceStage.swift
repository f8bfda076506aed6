import AuditModel
import EvidenceLog
import Foundation
import MeshModel

/// Attests the files of a run: an in-toto statement over their digests, chained to the run before it in
/// the same folder's predecessor, signed when there is a key.
struct EvidenceStage {
  static let fileName = "run.intoto.jsonl"

  /// A file by its name and digest.
  struct Subject {
    var name: String
    var sha256: String
  }

  let folder: String
  let signingKeyPath: String?

  /// The envelope over `files`, as the contents of `run.intoto.jsonl`.
  func envelope(
    report: AuditReport, findings: RunStatement.FindingsRoot, verdict: Verdict, files: [Subject]
  ) throws(PipelineError) -> [UInt8] {
    let statement = RunStatement(
      report: report, findings: findings, verdict: verdict,
      subjects: files.map { .init(name: $0.name, sha256: $0.sha256) },
      previous: previous(report))
    let payload = statement.payload
    guard let signingKeyPath else {
      return Array(DSSEEnvelope(payload: payload).line.utf8)
    }
    let pem = try PrivateFile.read(signingKeyPath)
    do throws(EvidenceError) {
      let key = try SigningKey(pem: pem)
      return Array(try DSSEEnvelope.signed(payload: payload, with: key).line.utf8)
    } catch {
      throw PipelineError(.usage, "\"\(signingKeyPath)\" cannot sign: \(error.message)")
    }
  }

  /// The run that the folder holds now, when it is an earlier one of the same chain.
  private func previous(_ report: AuditReport) -> RunStatement.Previous? {
    guard
      let data = FileManager.default.contents(atPath: "\(folder)/\(EvidenceStage.fileName)"),
      let envelope = try? DSSEEnvelope(line: Array(data)),
      let run = try? AttestedRun(payload: envelope.payload),
      run.sequence == report.run.sequence - 1
    else { return nil }
    return RunStatement.Previous(
      runID: run.runID, sequence: run.sequence, payloadSHA256: run.payloadSHA256)
  }
}

/// Reads files that only their owner may read.
enum PrivateFile {
  static func read(_ path: String) throws(PipelineError) -> [UInt8] {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw PipelineError(.usage, "there is no key file \"\(path)\"")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw PipelineError(
        .usage, "others may read the key \"\(path)\"", hint: "run `chmod 600` on it")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PipelineError(.usage, "the key \"\(path)\" cannot be read")
    }
    return Array(data)
  }
}
