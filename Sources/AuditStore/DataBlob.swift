import Foundation
import GRDB

/// Bytes of a blob column.
struct DataBlob: DatabaseValueConvertible {
  var bytes: [UInt8]

  var databaseValue: DatabaseValue { Data(bytes).databaseValue }

  static func fromDatabaseValue(_ value: DatabaseValue) -> DataBlob? {
    Data.fromDatabaseValue(value).map { DataBlob(bytes: Array($0)) }
  }
}
