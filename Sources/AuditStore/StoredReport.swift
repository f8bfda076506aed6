/// A report as bytes, made part by part: the whole of it would be held a second time while it is stored.
package protocol StoredReport {
  /// At least one.
  var partCount: Int { get }
  func part(_ index: Int) throws -> [UInt8]
}
