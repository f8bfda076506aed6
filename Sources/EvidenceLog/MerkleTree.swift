/// The Merkle tree hash of RFC 6962 section 2.1 over SHA-256.
///
/// A leaf is hashed with 0x00 before it and an inner node with 0x01, so that neither can stand for
/// the other. The root over all findings stands in the signed statement; one finding can then be
/// shown to belong to the run without showing the others.
package enum MerkleTree {
  /// The name of the algorithm in statements.
  package static let algorithm = "rfc6962-sha256"

  /// The hash of a list of leaves; of none, SHA-256 of nothing.
  package static func root(of leaves: [[UInt8]]) -> [UInt8] {
    root(ofHashes: leaves.map(leafHash)[...])
  }

  /// The audit path of one leaf, from the leaf up (RFC 6962 section 2.1.1); nil when there is no
  /// such leaf.
  package static func inclusionProof(of index: Int, in leaves: [[UInt8]]) -> [[UInt8]]? {
    guard leaves.indices.contains(index) else { return nil }
    return path(to: index, in: leaves.map(leafHash)[...])
  }

  /// Whether a leaf is at `index` of a tree of `count` leaves with this root (RFC 9162 section
  /// 2.1.3.2, which gives the steps that RFC 6962 leaves to the reader).
  package static func includes(
    leaf: [UInt8], at index: Int, of count: Int, proof: [[UInt8]], root: [UInt8]
  ) -> Bool {
    guard index >= 0, index < count else { return false }
    var (node, last) = (index, count - 1)
    var hash = leafHash(leaf)
    for sibling in proof {
      guard last > 0 else { return false }
      if node & 1 == 1 || node == last {
        hash = nodeHash(sibling, hash)
        while node & 1 == 0, node != 0 {
          node >>= 1
          last >>= 1
        }
      } else {
        hash = nodeHash(hash, sibling)
      }
      node >>= 1
      last >>= 1
    }
    return last == 0 && hash == root
  }

  private static func root(ofHashes hashes: ArraySlice<[UInt8]>) -> [UInt8] {
    guard let first = hashes.first else { return SHA256Digest.bytes(of: []) }
    if hashes.count == 1 { return first }
    let middle = hashes.startIndex + split(hashes.count)
    return nodeHash(root(ofHashes: hashes[..<middle]), root(ofHashes: hashes[middle...]))
  }

  private static func path(to index: Int, in hashes: ArraySlice<[UInt8]>) -> [[UInt8]] {
    guard hashes.count > 1 else { return [] }
    let count = split(hashes.count)
    let middle = hashes.startIndex + count
    return index < count
      ? path(to: index, in: hashes[..<middle]) + [root(ofHashes: hashes[middle...])]
      : path(to: index - count, in: hashes[middle...]) + [root(ofHashes: hashes[..<middle])]
  }

  /// The largest power of two smaller than `count`, which is more than one.
  private static func split(_ count: Int) -> Int {
    1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
  }

  private static func leafHash(_ leaf: [UInt8]) -> [UInt8] {
    SHA256Digest.bytes(of: [0x00] + leaf)
  }

  private static func nodeHash(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    SHA256Digest.bytes(of: [0x01] + left + right)
  }
}
