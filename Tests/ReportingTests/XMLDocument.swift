import CXMLShim

/// Asks libxml2 whether a document stands up.
enum XMLDocument {
  /// Why the bytes are not well-formed XML; nil when they are.
  static func flaw(in bytes: [UInt8]) -> String? {
    message { mesh_xml_check(bytes, bytes.count, $0, $1) }
  }

  /// Why the bytes break an XML Schema; nil when they keep it.
  static func flaw(in bytes: [UInt8], schema: [UInt8]) -> String? {
    message { mesh_xml_validate(bytes, bytes.count, schema, schema.count, $0, $1) }
  }

  private static func message(_ check: (UnsafeMutablePointer<CChar>?, Int) -> Int32) -> String? {
    var buffer = [CChar](repeating: 0, count: 512)
    let status = buffer.withUnsafeMutableBufferPointer { check($0.baseAddress, $0.count) }
    guard status != 0 else { return nil }
    let length = buffer.firstIndex(of: 0) ?? buffer.count
    return String(decoding: buffer[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
