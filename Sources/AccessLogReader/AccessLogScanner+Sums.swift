import MeshModel

/// From shapes to sums.
extension AccessLogScanner {
  /// Resolves what the table holds, adds it to the result and empties the table.
  @inline(never)
  mutating func flush() {
    finishPending()
    let rests = countHalves()
    var rows: [UInt32] = Array(repeating: 0, count: rests.count)
    result.pairs.reserve(min(table.count, pairs.entries.count * 2))
    for index in 0..<table.count {
      let entry = table.entry(index)
      let shape = ShapeReader(table.key(index))
      let meaning = resolver.meaning(of: shape, format: lines.formats[shape.format])
      let first = UTCTime(nanosecondsSince1970: entry.first)
      let last = UTCTime(nanosecondsSince1970: entry.last)
      let sum = ObservedRequestSum(
        count: entry.count, firstSeen: first, lastSeen: last,
        bytesReceived: entry.bytesReceived, bytesSent: entry.bytesSent,
        latency: table.latency(index))
      if !rests.isEmpty, let rest = rests[index] {
        rows[index] = result.add(sum, rest: rest, to: meaning.key)
      } else {
        result.add(sum, to: meaning.key)
      }
      if let writer = meaning.writer {
        result.cover(
          writer,
          LogCoverage(
            firstSeen: first, lastSeen: last, lineCount: entry.count,
            hoursByDay: [shape.day: entry.hours]))
      }
      if shape.marks.contains(.isAddressClaimed) { result.counts.claimedAddresses += entry.count }
      let source = meaning.key.source
      if source.principal == nil, source.workload == nil {
        result.counts.unknownSources += entry.count
      }
      if meaning.key.destination.workload == nil {
        result.counts.unknownDestinations += entry.count
      }
      result.firstSeen = min(result.firstSeen ?? first, first)
      result.lastSeen = max(result.lastSeen ?? last, last)
    }
    table.removeAll()
    result.pairs.add(
      pairs.entries.lazy.map { entry in entry.withRows { rows[Int($0)] } },
      keyLimit: pairs.keyLimit, level: pairs.level)
    pairs.removeAll()
    pairs.raise(to: result.pairs.sample.level)
    result.limitNames()
  }
}

/// Lines that may be halves of pairs.
extension AccessLogScanner {
  /// Keeps the record, whose shape was written, apart from its sum; false when it is no half of a pair
  /// after all.
  @inline(never)
  mutating func keep(_ key: PairKey, _ shape: ShapeWriter.Written) -> Bool {
    guard let half = key.half(record) else { return false }
    table.add(KeptHalf(half: half, side: key.side, hash: key.hash(record)), record, shape)
    return true
  }

  /// Takes the halves whose rows the table has found.
  @inline(never)
  mutating func takeFound() {
    while let kept = table.nextFound() {
      // Fewer may be kept by now.
      guard pairs.keeps(kept.hash) else {
        table.add(kept.half)
        continue
      }
      pairs.add(kept.half, kept.side, of: kept.hash)
      countReleased()
    }
  }

  /// Counts the requests that the table has not counted yet.
  mutating func finishPending() {
    table.finishPending()
    takeFound()
  }

  /// Counts what is kept no longer.
  mutating func countReleased() {
    while let half = pairs.released.popLast() { table.add(half) }
  }

  /// Counts what is kept, too, and says for each entry of the table with kept lines when its other lines
  /// were; empty when nothing is kept.
  private mutating func countHalves() -> [PairRows.Times??] {
    let entries = pairs.entries
    guard !entries.isEmpty else { return [] }
    var rests: [PairRows.Times??] = Array(repeating: nil, count: table.count)
    for entry in entries {
      for case let half? in [entry.server, entry.client] {
        let row = Int(half.row)
        if rests[row] == nil { rests[row] = .some(table.times(row)) }
        table.add(half)
      }
    }
    return rests
  }

  /// Takes over what another scanner kept of those entries of its table that `indices` tells the places of
  /// here.
  mutating func takeHalves(of other: borrowing PairSample, _ indices: [Int]) {
    func place(_ half: PairHalf?) -> PairHalf? {
      guard var half, Int(half.row) < indices.count, indices[Int(half.row)] >= 0 else {
        return nil
      }
      half.row = UInt32(indices[Int(half.row)])
      return half
    }
    for entry in other.entries where entry.ambiguousCount == 0 {
      var own = PairSample.Entry(hash: entry.hash)
      own.server = place(entry.server)
      own.client = place(entry.client)
      guard own.server != nil || own.client != nil else { continue }
      pairs.add(own)
      countReleased()
    }
  }
}
