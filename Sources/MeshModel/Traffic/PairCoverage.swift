/// How far requests that both proxies logged were joined, over all logs of a run.
///
/// All counts are of lines but `joinedCount`, `contradictedCount` and `unknownCallerCount`, which are of
/// pairs.
package struct PairCoverage: Hashable, Sendable {
  /// Lines of called proxies with a request id and without the caller's identity.
  package var serverLineCount = 0
  /// Lines of callers' proxies with a request id and the pod that was called.
  package var clientLineCount = 0
  /// Pairs whose called's line now has the caller's identity.
  package var joinedCount = 0
  /// Lines whose id belongs to several lines of one side: a retry, or an id that was used again.
  package var ambiguousCount = 0
  /// Pairs that do not agree in method, response, time or connection.
  package var contradictedCount = 0
  /// Pairs whose caller's own line does not say whose proxy wrote it.
  package var unknownCallerCount = 0
  /// Lines of called proxies without the caller's line.
  package var serverOnlyCount = 0
  /// Lines of callers' proxies without the called's line, or whose called's line has an identity.
  package var clientOnlyCount = 0
  /// Lines that were not kept, for there were more requests than are kept.
  package var notKeptCount = 0

  package init() {}
}
