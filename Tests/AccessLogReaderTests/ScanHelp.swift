import Foundation
import MeshModel

@testable import AccessLogReader

/// Where test data lies.
let accessLogData = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
  .deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("Data/access-logs")

/// The bytes of a test file, inflated when it is gzip.
func logBytes(_ name: String) throws -> [UInt8] {
  let data = try Data(contentsOf: accessLogData.appendingPathComponent(name))
  guard name.hasSuffix(".gz") else { return Array(data) }
  return try inflated(Array(data))
}

func inflated(_ bytes: [UInt8], block: Int = 1 << 16, limits: InflateLimits = InflateLimits())
  throws -> [UInt8]
{
  var reader = InflatingReader(limits: limits, blockByteCount: 4096)
  var output: [UInt8] = []
  var position = 0
  while position < bytes.count {
    let end = min(bytes.count, position + block)
    try bytes[position..<end].withUnsafeBytes { (part) throws(any Error) in
      try reader.inflate(part) { output.append(contentsOf: $0) }
    }
    position = end
  }
  try reader.finish()
  return output
}

/// Scans text in blocks of one size.
func scan(
  _ bytes: [UInt8], block: Int = 1 << 20, options: AccessLogOptions = AccessLogOptions(),
  directory: TrafficDirectory = TrafficDirectory(), path: String = "access.log",
  owner: WorkloadID? = nil
) -> AccessLogResult {
  var scanner = AccessLogScanner(
    options: options, directory: directory, path: path, owner: owner)
  var position = 0
  while position < bytes.count {
    let end = min(bytes.count, position + block)
    bytes[position..<end].withUnsafeBytes { scanner.consume($0) }
    position = end
  }
  return scanner.finish()
}

func scan(
  _ text: String, block: Int = 1 << 20, options: AccessLogOptions = AccessLogOptions(),
  directory: TrafficDirectory = TrafficDirectory(), owner: WorkloadID? = nil
) -> AccessLogResult {
  scan(
    Array(text.utf8), block: block, options: options, directory: directory, owner: owner)
}
