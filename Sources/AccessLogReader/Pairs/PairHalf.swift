import MeshModel

/// One line of a request that the caller's and the called's proxies both may have logged, kept apart until
/// the other one is found: what it adds to its row.
struct PairHalf: Hashable, Sendable {
  /// Nanoseconds since 1970.
  var time: Int64
  /// Which row it is counted under; its keeper says what the number means.
  var row: UInt32
  /// Hash of the caller's end of the connection between the two proxies; 0 when the line does not tell.
  var connection: UInt32
  var bytesReceived: UInt32
  var bytesSent: UInt32
  /// Latency bucket; `PairHalf.noBucket` without duration.
  var bucket: UInt8

  static let noBucket = UInt8.max

  /// What stands where no half has been put yet.
  static let none = PairHalf(
    time: 0, row: 0, connection: 0, bytesReceived: 0, bytesSent: 0, bucket: noBucket)

  /// The one request as a sum.
  var sum: ObservedRequestSum {
    var latency = LatencyHistogram()
    if bucket != PairHalf.noBucket {
      latency.record(milliseconds: LatencyHistogram.lowerBound(bucket: Int(bucket)))
    }
    let moment = UTCTime(nanosecondsSince1970: time)
    return ObservedRequestSum(
      count: 1, firstSeen: moment, lastSeen: moment, bytesReceived: Int64(bytesReceived),
      bytesSent: Int64(bytesSent), latency: latency)
  }

  /// A sum without requests, between the times of this one.
  var emptySum: ObservedRequestSum {
    let moment = UTCTime(nanosecondsSince1970: time)
    return ObservedRequestSum(count: 0, firstSeen: moment, lastSeen: moment)
  }

  /// Hour of the day, UTC.
  var hour: UInt32 {
    let hours = time / 3_600_000_000_000 - (time % 3_600_000_000_000 < 0 ? 1 : 0)
    let hour = hours % 24
    return UInt32(hour < 0 ? hour + 24 : hour)
  }
}

/// A half of a pair, which one it is, and of which request.
struct KeptHalf {
  var half: PairHalf
  var side: ObservedRequestKey.Side
  /// The whole hash of its `PairKey`.
  var hash: UInt64
}
