import Foundation

/// A reader that is fed with mutated inputs; `read` traps when a promise of the reader is broken.
protocol FuzzTarget: SendableMetatype {
  static func read(_ bytes: [UInt8])
}

/// The targets by the names of their folders.
private let targets: [String: any FuzzTarget.Type] = [
  "access-logs": AccessLogs.self,
  "certificates": Certificates.self,
  "decisions": Decisions.self,
  "documents": Documents.self,
  "inventories": Inventories.self,
  "metrics": Metrics.self,
  "revocation-lists": RevocationLists.self,
  "summaries": Summaries.self,
  "tokens": Tokens.self,
  "traces": Traces.self,
]

/// The one that `MESHAUDIT_FUZZ_TARGET` names.
private let target: any FuzzTarget.Type = {
  let name = ProcessInfo.processInfo.environment["MESHAUDIT_FUZZ_TARGET"] ?? ""
  guard let target = targets[name] else {
    fatalError("MESHAUDIT_FUZZ_TARGET is \"\(name)\"; there are: \(targets.keys.sorted())")
  }
  return target
}()

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
func readInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  target.read(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
