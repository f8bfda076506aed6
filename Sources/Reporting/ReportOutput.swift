/// Where the bytes of a report go, piece by piece in their order.
///
/// A report of a hundred thousand results is never in memory as a whole.
package struct ReportOutput {
  private let take: ([UInt8]) -> Void

  /// - Parameter take: keeps a piece; what keeps it from doing so is its owner's to tell.
  package init(_ take: @escaping ([UInt8]) -> Void) { self.take = take }

  func write(_ bytes: [UInt8]) { take(bytes) }

  /// Writes what was gathered in `bytes` and empties it, once it is worth writing.
  func writePiece(of bytes: inout [UInt8]) {
    guard bytes.count >= Self.pieceByteCount else { return }
    write(bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  private static let pieceByteCount = 65_536
}
