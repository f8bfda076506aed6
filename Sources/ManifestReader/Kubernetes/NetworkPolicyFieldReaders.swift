import DocumentReader
import MeshModel

extension FieldReader {
  /// A label selector; nil when the field is absent.
  ///
  /// Kubernetes refuses `Exists` and `DoesNotExist` with values and `In` and `NotIn` without
  /// (apimachinery, ValidateLabelSelector), and Linkerd's controller takes such an expression as
  /// false (policy-controller k8s/api/src/labels.rs): a diagnostic, and it matches nothing.
  func labelSelector(_ name: String) -> LabelSelector? {
    guard let fields = object(name) else { return nil }
    let selector = LabelSelector(
      matchLabels: fields.stringMap("matchLabels"),
      matchExpressions: fields.objects("matchExpressions").compactMap(LabelExpressionReader.read))
    fields.reportUnknownFields()
    return selector
  }

  /// Address blocks written as `{cidr, except}`.
  ///
  /// A block that cannot be read is a diagnostic and left out.
  func addressBlocks(_ name: String) -> [AddressBlock] {
    objects(name).compactMap(AddressBlockReader.read)
  }

  /// A port number, or a name in quotes or letters.
  ///
  /// Text is a name even when it is written in digits (`intstr.IntOrString` of Kubernetes).
  func portReference(_ name: String) -> Located<PortReference>? {
    guard let text = intOrString(name) else { return nil }
    if case .int(let number)? = raw(name)?.scalar?.value {
      guard (1...65_535).contains(number) else {
        problem(
          "port-out-of-range", "\(path).\(name) is \(number)", at: text.location,
          hint: "expected 1 to 65535")
        return nil
      }
      return Located(.number(Int(number)), at: text.location)
    }
    return Located(.name(text.value), at: text.location)
  }

  /// A transport protocol, TCP when absent.
  func transport(_ name: String) -> TransportProtocol {
    guard let text = string(name) else { return .tcp }
    guard let transport = TransportProtocol(rawValue: text.value.uppercased()) else {
      problem(
        "unknown-value", "\(path).\(name) is \"\(text.value)\"", at: text.location,
        hint: "expected one of \"TCP\", \"UDP\", \"SCTP\"")
      return .tcp
    }
    return transport
  }
}

/// Reads one entry of `matchExpressions`.
enum LabelExpressionReader {
  static func read(_ fields: FieldReader) -> LabelSelector.Expression? {
    guard let key = fields.string("key"), let word = fields.string("operator") else {
      fields.problem(
        "missing-field", "\(fields.path) lacks \"key\" or \"operator\"", at: fields.location,
        hint: "write both")
      return nil
    }
    let hasValues = fields.raw("values") != nil
    let values = fields.strings("values").map(\.value)
    fields.reportUnknownFields()
    let never = LabelSelector.Expression(key: key.value, operation: .isIn, values: [])
    switch word.value {
    case "In" where hasValues: return .init(key: key.value, operation: .isIn, values: values)
    case "NotIn" where hasValues: return .init(key: key.value, operation: .notIn, values: values)
    case "Exists" where values.isEmpty: return .init(key: key.value, operation: .exists)
    case "DoesNotExist" where values.isEmpty:
      return .init(key: key.value, operation: .doesNotExist)
    case "In", "NotIn":
      fields.problem(
        "illegal-selector", "operator \"\(word.value)\" for label \"\(key.value)\" has no values",
        at: word.location, hint: "list the values; as written it matches nothing")
      return never
    case "Exists", "DoesNotExist":
      fields.problem(
        "illegal-selector", "operator \"\(word.value)\" for label \"\(key.value)\" has values",
        at: word.location, hint: "remove them, or use \"In\"; as written it matches nothing")
      return never
    default:
      fields.problem(
        "unknown-value", "\(fields.path).operator is \"\(word.value)\"", at: word.location,
        hint: "expected one of \"In\", \"NotIn\", \"Exists\", \"DoesNotExist\"")
      return never
    }
  }
}

/// Reads `{cidr, except}`.
enum AddressBlockReader {
  static func read(_ fields: FieldReader) -> AddressBlock? {
    let cidr = fields.string("cidr")
    let exceptions = fields.strings("except")
    fields.reportUnknownFields()
    guard let cidr else {
      fields.problem(
        "missing-field", "\(fields.path) has no \"cidr\"", at: fields.location,
        hint: "for example \"10.0.0.0/8\"")
      return nil
    }
    guard let range = range(cidr, in: fields) else { return nil }
    var block = AddressBlock(range: range, location: fields.location)
    for text in exceptions {
      guard let exception = self.range(text, in: fields) else { return nil }
      if !range.contains(exception) {
        fields.problem(
          "except-outside-cidr", "except \"\(text.value)\" is not inside \"\(cidr.value)\"",
          at: text.location, hint: "the API server refuses it; it takes nothing away")
      }
      block.exceptions.append(exception)
    }
    return block
  }

  static func range(_ text: Located<String>, in fields: FieldReader) -> AddressRange? {
    guard let range = AddressRange(text.value) else {
      fields.problem(
        "bad-address", "\"\(text.value)\" is no address or address range", at: text.location,
        hint: "expected a CIDR such as \"10.0.0.0/8\"")
      return nil
    }
    return range
  }
}
