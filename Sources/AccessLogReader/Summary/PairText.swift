import MeshModel

/// Halves of pairs as a traffic summary writes them (`docs/traffic-summary.md`).
enum PairText {
  /// `hash time received sent latency connection`, with commas between the halves of a row.
  ///
  /// The hash and the connection are hexadecimal, the time is in milliseconds since 1970, the latency is
  /// the smallest of its bucket; `-` is none.
  static func write(_ halves: ArraySlice<PairHalvesByRow.Half>, to bytes: inout [UInt8]) {
    var isFirst = true
    for (hash, half) in halves {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      JSONLineWriter.put(hash, radix: 16, to: &bytes)
      let time = half.time / 1_000_000 - (half.time % 1_000_000 < 0 ? 1 : 0)
      bytes.append(UInt8(ascii: " "))
      JSONLineWriter.put(Int(time), to: &bytes)
      bytes.append(UInt8(ascii: " "))
      JSONLineWriter.put(Int(half.bytesReceived), to: &bytes)
      bytes.append(UInt8(ascii: " "))
      JSONLineWriter.put(Int(half.bytesSent), to: &bytes)
      bytes.append(UInt8(ascii: " "))
      if half.bucket == PairHalf.noBucket {
        bytes.append(UInt8(ascii: "-"))
      } else {
        JSONLineWriter.put(LatencyHistogram.lowerBound(bucket: Int(half.bucket)), to: &bytes)
      }
      bytes.append(UInt8(ascii: " "))
      if half.connection == 0 {
        bytes.append(UInt8(ascii: "-"))
      } else {
        JSONLineWriter.put(UInt64(half.connection), radix: 16, to: &bytes)
      }
    }
  }

  /// The halves of a text; nil when it is none.
  static func halves(_ text: String) -> [(hash: UInt64, half: PairHalf)]? {
    var result: [(hash: UInt64, half: PairHalf)] = []
    for part in text.utf8.split(separator: UInt8(ascii: ",")) {
      let fields = part.split(separator: UInt8(ascii: " ")).map(Substring.init)
      guard fields.count == 6, let hash = UInt64(fields[0], radix: 16),
        let time = Int64(fields[1]), abs(time) < 1 << 42, let received = UInt32(fields[2]),
        let sent = UInt32(fields[3])
      else { return nil }
      var bucket = PairHalf.noBucket
      if fields[4] != "-" {
        guard let lower = Int(fields[4]), lower >= 0 else { return nil }
        let index = LatencyHistogram.bucket(milliseconds: lower)
        guard LatencyHistogram.lowerBound(bucket: index) == lower else { return nil }
        bucket = UInt8(index)
      }
      var connection: UInt32 = 0
      if fields[5] != "-" {
        guard let value = UInt32(fields[5], radix: 16), value != 0 else { return nil }
        connection = value
      }
      let half = PairHalf(
        time: time * 1_000_000, row: 0, connection: connection, bytesReceived: received,
        bytesSent: sent, bucket: bucket)
      result.append((hash, half))
    }
    return result
  }

  /// `hash count`, with commas between, of ids that several lines of one side have.
  static func text(ambiguous entries: [PairSample.Entry]) -> String? {
    let ambiguous = entries.filter { $0.ambiguousCount > 0 }.sorted { $0.hash < $1.hash }
    guard !ambiguous.isEmpty else { return nil }
    return ambiguous.map { "\(String($0.hash, radix: 16)) \($0.ambiguousCount)" }
      .joined(separator: ",")
  }

  /// The entries of such a text; nil when it is none.
  static func ambiguous(_ text: String, largest: Int) -> [PairSample.Entry]? {
    var result: [PairSample.Entry] = []
    for part in text.utf8.split(separator: UInt8(ascii: ",")) {
      let fields = part.split(separator: UInt8(ascii: " ")).map(Substring.init)
      guard fields.count == 2, let hash = UInt64(fields[0], radix: 16),
        let count = Int(fields[1]), (2...largest).contains(count)
      else { return nil }
      result.append(PairSample.Entry(hash: hash, ambiguousCount: count))
    }
    return result
  }
}
