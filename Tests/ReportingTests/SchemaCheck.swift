// swift-format-ignore-file: NeverForceUnwrap

import Foundation

/// JSON Schema 2020-12 as far as the schemas in `reports/schemas` use it.
struct SchemaCheck {
  private let root: [String: Any]

  init(_ bytes: [UInt8]) throws {
    root = try JSONSerialization.jsonObject(with: Data(bytes)) as! [String: Any]
  }

  /// What is wrong with a document; empty when it is valid.
  func flaws(in bytes: [UInt8]) throws -> [String] {
    let document = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
    return flaws(document, root, at: "$")
  }

  private func flaws(_ value: Any, _ schema: [String: Any], at path: String) -> [String] {
    var flaws: [String] = []
    for (keyword, argument) in schema {
      switch keyword {
      case "$ref":
        let name = (argument as! String).split(separator: "/").last!
        let target = (root["$defs"] as! [String: Any])[String(name)] as! [String: Any]
        flaws += self.flaws(value, target, at: path)
      case "type":
        let types = (argument as? [String]) ?? [argument as! String]
        if !types.contains(where: { SchemaCheck.isType($0, value) }) {
          flaws.append("\(path): not \(types)")
        }
      case "required":
        guard let object = value as? [String: Any] else { continue }
        for name in argument as! [String] where object[name] == nil {
          flaws.append("\(path): no \(name)")
        }
      case "properties":
        guard let object = value as? [String: Any] else { continue }
        for (name, part) in argument as! [String: [String: Any]] {
          if let member = object[name] { flaws += self.flaws(member, part, at: "\(path).\(name)") }
        }
      case "additionalProperties":
        guard let object = value as? [String: Any] else { continue }
        let known = schema["properties"] as? [String: Any] ?? [:]
        for (name, member) in object where known[name] == nil {
          if let part = argument as? [String: Any] {
            flaws += self.flaws(member, part, at: "\(path).\(name)")
          } else {
            flaws.append("\(path): \(name) is not foreseen")
          }
        }
      case "items":
        for (index, item) in (value as? [Any] ?? []).enumerated() {
          flaws += self.flaws(item, argument as! [String: Any], at: "\(path)[\(index)]")
        }
      case "enum", "const":
        let allowed = (argument as? [Any]) ?? [argument]
        if !allowed.contains(where: { ($0 as! NSObject) == (value as! NSObject) }) {
          flaws.append("\(path): \(value) is none of \(allowed)")
        }
      case "anyOf":
        let parts = argument as! [[String: Any]]
        if !parts.contains(where: { self.flaws(value, $0, at: path).isEmpty }) {
          flaws.append("\(path): fits no alternative")
        }
      case "minimum":
        if let number = value as? Int, number < argument as! Int { flaws.append("\(path): low") }
      case "pattern":
        guard let text = value as? String else { continue }
        if text.range(of: argument as! String, options: .regularExpression) == nil {
          flaws.append("\(path): \(text) does not match")
        }
      case "$schema", "$id", "$defs", "title", "description": break
      default: flaws.append("\(path): the test does not know \(keyword)")
      }
    }
    return flaws
  }

  private static func isType(_ name: String, _ value: Any) -> Bool {
    switch name {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "null": value is NSNull
    // `true` bridges to a number as well.
    case "boolean": value is Bool && !(value is String)
    case "integer": value is Int
    default: false
    }
  }
}
