package import MeshModel

/// One file of the run: what it was taken for, its digest, and how much of it was read.
package struct InputRecord: Codable, Sendable, Hashable {
  package enum Status: String, Codable, Sendable, Hashable, CaseIterable {
    /// Read to its end.
    case read
    /// Read in part: something in it was rejected or it was cut.
    case partial
    /// Its bytes were counted in an earlier run or under another name.
    case known
    /// Nothing here reads it; `reason` says why.
    case unrecognised
    /// It could not be opened or read.
    case failed
  }

  package var path: String
  /// `manifest`, `certificate`, `access-log:istio-text`, `register`, `waivers`, or `unknown`.
  package var kind: String
  package var status: Status
  package var reason: String?
  /// SHA-256 of the bytes as they lie on disk, in hex; empty when it could not be read, and for large
  /// plain logs, which are identified by `blake3`.
  package var sha256: String
  /// BLAKE3 digest of the contents of an access log after decompression, in hex; empty for other inputs.
  package var blake3 = ""
  package var byteCount: Int
  package var recordCount: Int
  package var rejectedCount: Int
  package var firstTime: UTCTime?
  package var lastTime: UTCTime?
  /// What was counted before of an access log that starts with the same line; nil when nothing was.
  package var earlier: EarlierContents?

  package init(
    path: String, kind: String, status: Status, reason: String? = nil, sha256: String = "",
    byteCount: Int = 0, recordCount: Int = 0, rejectedCount: Int = 0, firstTime: UTCTime? = nil,
    lastTime: UTCTime? = nil
  ) {
    self.path = path
    self.kind = kind
    self.status = status
    self.reason = reason
    self.sha256 = sha256
    self.byteCount = byteCount
    self.recordCount = recordCount
    self.rejectedCount = rejectedCount
    self.firstTime = firstTime
    self.lastTime = lastTime
  }

  /// What identifies the bytes on disk.
  package var digest: String { sha256.isEmpty ? blake3 : sha256 }
}
