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
    var text = text
    return text.withUTF8 { plainHalves($0) } ?? anyHalves(text)
  }

  /// The halves of a text as `write` makes it; nil for any other.
  private static func plainHalves(
    _ text: UnsafeBufferPointer<UInt8>
  ) -> [(hash: UInt64, half: PairHalf)]? {
    var result: [(hash: UInt64, half: PairHalf)] = []
    var position = 0
    /// A number that ends before the byte; nil for none of at most `digits` digits.
    func number(radix: UInt64, digits: Int, before end: UInt8) -> UInt64? {
      let start = position
      var value: UInt64 = 0
      while position < text.count, text[position] != end {
        let byte = text[position]
        let digit = byte &- 48 < 10 ? byte &- 48 : byte &- 87
        guard byte &- 48 < 10 || (97...102).contains(byte), digit < radix else { return nil }
        value = value &* radix &+ UInt64(digit)
        position += 1
      }
      let count = position - start
      position += 1
      return count > 0 && count <= digits ? value : nil
    }
    func skipsNone(before end: UInt8) -> Bool {
      guard position < text.count, text[position] == UInt8(ascii: "-"),
        position + 1 == text.count || text[position + 1] == end
      else { return false }
      position += 2
      return true
    }
    let space = UInt8(ascii: " ")
    while position < text.count {
      guard let hash = number(radix: 16, digits: 16, before: space),
        let time = number(radix: 10, digits: 15, before: space), time < 1 << 42,
        let received = number(radix: 10, digits: 10, before: space),
        let sent = number(radix: 10, digits: 10, before: space),
        received <= UInt64(UInt32.max), sent <= UInt64(UInt32.max)
      else { return nil }
      var half = PairHalf(
        time: Int64(time) * 1_000_000, row: 0, connection: 0, bytesReceived: UInt32(received),
        bytesSent: UInt32(sent), bucket: PairHalf.noBucket)
      if !skipsNone(before: space) {
        guard let lower = number(radix: 10, digits: 10, before: space) else { return nil }
        let index = LatencyHistogram.bucket(milliseconds: Int(lower))
        guard LatencyHistogram.lowerBound(bucket: index) == Int(lower) else { return nil }
        half.bucket = UInt8(index)
      }
      if !skipsNone(before: UInt8(ascii: ",")) {
        guard let connection = number(radix: 16, digits: 8, before: UInt8(ascii: ",")),
          connection != 0
        else { return nil }
        half.connection = UInt32(connection)
      }
      result.append((hash, half))
    }
    return result
  }

  private static func anyHalves(_ text: String) -> [(hash: UInt64, half: PairHalf)]? {
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
