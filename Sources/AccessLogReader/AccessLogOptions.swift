/// How access logs are read.
package struct AccessLogOptions: Hashable, Sendable {
  /// What becomes of a client's address that no manifest knows.
  package enum UnknownAddress: Hashable, Sendable {
    /// It is not kept: the source stays empty.
    case omit
    /// Its network is kept, /24 or /48.
    case network
    /// A name stands for it, which whoever has the key can make again and nobody else can undo.
    case pseudonym(AddressPseudonym)
    /// It is kept as it is.
    case keep
  }

  /// Lines longer than this many bytes are skipped and counted.
  package var longestLine = 1 << 20
  /// The most path templates kept for one destination, outcome and response class; with more, their
  /// ends become `{*}`.
  package var pathLimit = 500
  /// The most hosts kept that no manifest knows; with more, they become `{*}`.
  package var hostLimit = 10_000
  /// The most requests of which a line is kept until its other line is found; 0 for none.
  package var pairLimit = 1 << 15
  /// How many rejected and ambiguous lines are kept as examples.
  package var exampleLimit = 5
  /// Formats that the mesh declares besides its defaults, tried in this order.
  package var formats: [AccessLogFormat] = []
  package var unknownAddress = UnknownAddress.omit

  package init() {}
}
