import MeshModel

/// Reads the attributes of OTLP records as the labels of a JSON format, alone or beside a body in one of
/// Envoy's text formats, which says the rest.
struct OTLPAttributes {
  private typealias Table = (format: Int, keys: JSONKeyTable)

  /// A format of bodies together with one of labels.
  private struct Pair: Hashable {
    var body: Int
    var labels: Int
  }

  private let tables: [(format: Int, keys: JSONKeyTable)]
  /// The format of a record whose body and labels were both read.
  private let combined: [Pair: Int]
  /// A shape has one byte for its format.
  private static let mostFormats = 250

  /// - Parameters:
  ///   - tables: the formats of labels, smallest first.
  ///   - bodies: the formats of bodies.
  ///   - formats: is given what a body and labels say together; which place each has depends on the
  ///     declared formats alone, so that readers of one log agree.
  init(
    tables: [(format: Int, keys: JSONKeyTable)], bodies: [Int], formats: inout [LineFormat]
  ) {
    self.tables = tables
    var combined: [Pair: Int] = [:]
    for body in bodies {
      for table in tables where formats.count < OTLPAttributes.mostFormats {
        let labels = formats[table.format]
        guard labels.dialect == .envoy, labels.fields & ~formats[body].fields != 0 else { continue }
        combined[Pair(body: body, labels: table.format)] = formats.count
        formats.append(
          LineFormat(
            name: "\(formats[body].name)+\(labels.name)", dialect: .envoy,
            fields: formats[body].fields | labels.fields))
      }
    }
    self.combined = combined
  }

  /// Adds to a record, whose body was read, what its labels say besides.
  func add(
    _ entry: OTLPLine.Record, of export: borrowing OTLPLine, to record: inout LogRecord
  ) {
    guard let table = table(of: entry, of: export),
      let format = combined[Pair(body: record.format, labels: table.format)]
    else { return }
    for index in entry.attributes {
      let attribute = export.attributes[index]
      let known = table.keys.known(export.bytes(attribute.key))
      let value = IstioTextLine.present(export.bytes(attribute.value))
      if known.meaning == .field, known.number != 63, value.count > 0 {
        record[known.field] = value
      }
    }
    record.format = format
  }

  /// Reads a record by its labels alone.
  func read(
    _ entry: OTLPLine.Record, of export: borrowing OTLPLine, _ record: inout LogRecord,
    _ times: inout LogTimeReader
  ) -> LineVerdict {
    guard let table = table(of: entry, of: export) else { return .other }
    record.reset()
    record.format = table.format
    var seen: UInt64 = 0
    var time = Bytes()
    for index in entry.attributes {
      let attribute = export.attributes[index]
      let known = table.keys.known(export.bytes(attribute.key))
      guard known.number != 63 else { continue }
      let bit: UInt64 = 1 << UInt64(known.number)
      if seen & bit != 0 { return .ambiguous }
      seen |= bit
      let value = IstioTextLine.present(export.bytes(attribute.value))
      if known.meaning == .time {
        time = value
      } else if value.count > 0, !JSONLine.store(value, known, &record) {
        return .rejected
      }
    }
    guard time.count == 0 else { return JSONLine.finish(time, seen, &record, &times) }
    // Without a time of its own a label counts for less: three of them besides make a request.
    guard JSONLine.knownCount(seen) >= 3 else { return .other }
    let nanoseconds = export.bytes(entry.nanoseconds)
    guard nanoseconds.count > 9, nanoseconds.count <= 19,
      let seconds = nanoseconds.prefix(nanoseconds.count - 9).number,
      let rest = nanoseconds.dropFirst(nanoseconds.count - 9).number,
      let moment = LogTimeReader.moment(
        UTCTime(seconds: Int64(seconds), nanoseconds: Int32(rest)))
    else { return .rejected }
    record.time = moment.nanoseconds
    record.day = moment.day
    record.hour = moment.hour
    return .read
  }

  /// The format that knows most of the labels; of two, the smaller.
  private func table(of entry: OTLPLine.Record, of export: borrowing OTLPLine) -> Table? {
    var best: (table: Table, count: Int)?
    for table in tables {
      var count = 0
      for index in entry.attributes
      where table.keys.known(export.bytes(export.attributes[index].key)).number != 63 {
        count += 1
      }
      if count > best?.count ?? 0 { best = (table, count) }
    }
    return best?.table
  }
}
