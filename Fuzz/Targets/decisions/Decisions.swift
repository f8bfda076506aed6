import AccessLogReader
import MeshModel

/// Decision logs of OPA.
///
/// Whatever the bytes are, reading ends; and each decision is counted once, within the times that the log has.
enum Decisions: FuzzTarget {
  static func read(_ bytes: [UInt8]) {
    let log = DecisionLogReader.read(bytes)
    let counted = log.decisions.reduce(0) { $0 + $1.count }
    precondition(counted == log.recordCount, "decisions are gone")
    precondition((log.firstTime == nil) == (log.recordCount == 0), "no time, or out of nothing")
    for decision in log.decisions {
      precondition(decision.firstSeen <= decision.lastSeen, "time runs back")
    }
  }
}
