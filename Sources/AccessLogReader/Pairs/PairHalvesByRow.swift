/// The halves of pairs of each row, in an order that only they decide.
struct PairHalvesByRow {
  typealias Half = (hash: UInt64, half: PairHalf)

  /// The halves of all rows, those of one after those of the row before.
  private var halves: [Half]
  /// Where the halves of each row start, and where the last ones end.
  private var starts: [Int]

  init(_ entries: [PairSample.Entry], rowCount: Int) {
    starts = Array(repeating: 0, count: rowCount + 1)
    for entry in entries {
      for case let half? in [entry.server, entry.client] { starts[Int(half.row) + 1] += 1 }
    }
    for row in 0..<rowCount { starts[row + 1] += starts[row] }
    halves = Array(repeating: (0, PairHalf.none), count: starts[rowCount])
    var next = starts
    for entry in entries {
      for case let half? in [entry.server, entry.client] {
        halves[next[Int(half.row)]] = (entry.hash, half)
        next[Int(half.row)] += 1
      }
    }
    // A row has at most one half of a hash: both sides of a request are never the same row.
    for row in 0..<rowCount where starts[row + 1] - starts[row] > 1 {
      halves[starts[row]..<starts[row + 1]].sort { $0.hash < $1.hash }
    }
  }

  subscript(row: UInt32) -> ArraySlice<Half> {
    halves[starts[Int(row)]..<starts[Int(row) + 1]]
  }
}
