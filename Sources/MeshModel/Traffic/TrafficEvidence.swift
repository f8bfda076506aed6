/// What showed a call.
///
/// One call may be seen by several of them: a log line, the counter of the same proxy, a span. Their
/// counts are therefore never added; where a total is wanted, the evidence that saw most speaks.
package enum TrafficEvidence: String, Hashable, Sendable, CaseIterable {
  /// A line of an access log.
  case log
  /// The increase of a proxy's counter: identities, but neither method nor path.
  case counter
  /// A span of a distributed trace; its context is passed on by applications.
  case trace
}
