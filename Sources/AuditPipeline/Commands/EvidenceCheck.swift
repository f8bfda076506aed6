import EvidenceLog
import Foundation
import MeshModel

/// `meshaudit evidence`.
package enum EvidenceCheck {
  package enum KeyAlgorithm: String, CaseIterable, Sendable {
    case p256
    case ed25519

    var algorithm: SigningKey.Algorithm { self == .p256 ? .ecdsaP256 : .ed25519 }
  }

  package struct Result: Sendable {
    package var problems: [String]
    package var summary: String
    package var exitCode: Int32
  }

  /// Checks the envelope of a folder, and that the files beside it are the ones it covers.
  package static func verify(folder: String, keyPath: String?) throws(PipelineError) -> Result {
    guard FileKind.of(folder) == .folder else {
      throw PipelineError(.usage, "there is no folder \"\(folder)\"")
    }
    let path = "\(folder)/\(EvidenceStage.fileName)"
    guard let envelope = FileManager.default.contents(atPath: path) else {
      return Result(
        problems: ["\(path): error: there is no evidence here"], summary: "nothing to verify",
        exitCode: 2)
    }
    var key: VerificationKey?
    if let keyPath {
      guard let data = FileManager.default.contents(atPath: keyPath) else {
        throw PipelineError(.usage, "the key \"\(keyPath)\" cannot be read")
      }
      do throws(EvidenceError) {
        key = try VerificationKey(pem: Array(data))
      } catch {
        throw PipelineError(.usage, "\"\(keyPath)\" is no public key: \(error.message)")
      }
    }
    var files: [String: String] = [:]
    for file in InputDiscovery.files(below: [folder]).files {
      let name = String(file.path.dropFirst(folder.count).drop { $0 == "/" })
      guard name != EvidenceStage.fileName else { continue }
      if let data = FileManager.default.contents(atPath: file.path) {
        files[name] = Digest.sha256(Array(data))
      }
    }
    var outcome = EvidenceVerifier.verify(envelope: Array(envelope), key: key, files: files)
    // Without a key the user asks about digests alone; who signed, or whether anybody did, is then open.
    let isUnsigned = outcome.problems.contains(.unsigned)
    if key == nil { outcome.problems.removeAll { $0 == .unsigned } }
    let problems = outcome.problems.map { problem in
      "\(path): \(problem.isFailure ? "error" : "warning"): \(problem.description) [\(problem.code)]"
    }
    let run = outcome.run.map { "run \($0.runID) of \($0.asOf.text)" } ?? "the run"
    let summary =
      outcome.stands
      ? "verified: \(run), \(CountedNoun.text(files.count, "file"))\(key != nil ? "" : isUnsigned ? ", digests only: nobody signed it" : ", digests only: give --key")"
      : "NOT verified: \(run)"
    return Result(problems: problems, summary: summary, exitCode: outcome.stands ? 0 : 1)
  }

  /// Writes a new key pair; never over files that are there.
  package static func makeKeys(named name: String, algorithm: KeyAlgorithm)
    throws(PipelineError) -> [String]
  {
    let (privatePath, publicPath) = ("\(name).pem", "\(name).pub.pem")
    for path in [privatePath, publicPath] where FileKind.of(path) != .missing {
      throw PipelineError(.usage, "\"\(path)\" is there already")
    }
    let key = SigningKey(generating: algorithm.algorithm)
    try AtomicFile.write(Array(key.pem.utf8), to: privatePath)
    try AtomicFile.write(Array(key.verificationKey.pem.utf8), to: publicPath, mode: 0o644)
    return [privatePath, publicPath]
  }
}
