import MeshModel

/// A format of Envoy's access logs, compiled from the format string that the mesh declares.
package struct AccessLogFormat: Hashable, Sendable {
  /// A piece of a text format.
  enum Element: Hashable, Sendable {
    case literal([UInt8])
    case value(EnvoyOperator)
  }

  /// How lines are written.
  enum Layout: Hashable, Sendable {
    case text([Element])
    /// Flattened keys, in order.
    case json([String: EnvoyOperator])
  }

  /// The name that `observed_request` and `input` carry.
  package var name: String
  var layout: Layout

  /// Compiles a text format; nil when it has no readable time or method, so that nothing can be learned
  /// from its lines.
  ///
  /// Istio adds the end of line when it is missing (spec access-logs 1.1).
  package init?(text: String, name: String = "envoy-custom-text") {
    var elements: [Element] = []
    var literal: [UInt8] = []
    var rest = text.utf8[...]
    while rest.last == UInt8(ascii: "\n") { rest = rest.dropLast() }
    while let byte = rest.first {
      rest = rest.dropFirst()
      guard byte == UInt8(ascii: "%") else {
        literal.append(byte)
        continue
      }
      if rest.first == UInt8(ascii: "%") {
        literal.append(byte)
        rest = rest.dropFirst()
        continue
      }
      guard let end = AccessLogFormat.endOfOperator(rest) else { return nil }
      if !literal.isEmpty {
        elements.append(.literal(literal))
        literal = []
      }
      elements.append(.value(EnvoyOperator(String(decoding: rest[..<end], as: UTF8.self))))
      rest = rest[rest.index(after: end)...]
    }
    if !literal.isEmpty { elements.append(.literal(literal)) }
    self.name = name
    layout = .text(elements)
    guard isReadable else { return nil }
  }

  /// Compiles a JSON format: each key with its format string; keys of nested objects are joined
  /// with dots.
  ///
  /// Nil when nothing can be learned from its lines.
  ///
  /// - Parameter hasTime: whether a time must be among them; records of OTLP have one of their own.
  package init?(
    json members: [String: String], name: String = "envoy-custom-json", hasTime: Bool = true
  ) {
    var operators: [String: EnvoyOperator] = [:]
    for (key, text) in members {
      var value = EnvoyOperator(meaning: .unused, field: .method, isSolid: false)
      if text.hasPrefix("%"), text.hasSuffix("%"), text.utf8.count > 2,
        let end = AccessLogFormat.endOfOperator(text.utf8.dropFirst()),
        text.utf8.index(after: end) == text.utf8.endIndex
      {
        value = EnvoyOperator(String(text.dropFirst().dropLast()))
      }
      operators[key] = value
    }
    self.name = name
    layout = .json(operators)
    guard isReadable || !hasTime && lineFormat.fields != 0 else { return nil }
  }

  /// Compiles a JSON format from its text, `{"method":"%REQ(:METHOD)%"}`, as MeshConfig
  /// `accessLogFormat` and `--log-format` give it.
  package init?(
    jsonText: String, name: String = "envoy-custom-json", hasTime: Bool = true
  ) {
    var members: [String: String] = [:]
    var reader = JSONObjectReader()
    var text = jsonText
    let isObject = text.withUTF8 { buffer in
      guard let base = buffer.baseAddress else { return false }
      return reader.read(Bytes(base, buffer.count))
    }
    guard isObject else { return nil }
    for index in 0..<reader.memberCount {
      members[reader.key(index).text] = reader.value(index).text
    }
    self.init(json: members, name: name, hasTime: hasTime)
  }

  /// The percent sign that ends an operator: one outside parentheses, for arguments may hold their own
  /// (`START_TIME(%s.%3f)`).
  private static func endOfOperator(_ text: Substring.UTF8View) -> String.Index? {
    var isInside = false
    for index in text.indices {
      switch text[index] {
      case UInt8(ascii: "("): isInside = true
      case UInt8(ascii: ")"): isInside = false
      case UInt8(ascii: "%") where !isInside: return index
      default: break
      }
    }
    return nil
  }

  private var operators: [EnvoyOperator] {
    switch layout {
    case .json(let members): Array(members.values)
    case .text(let elements):
      elements.compactMap { element in
        if case .value(let value) = element { value } else { nil }
      }
    }
  }

  private var isReadable: Bool {
    operators.contains { $0.meaning == .time } && lineFormat.fields.nonzeroBitCount >= 2
  }

  var lineFormat: LineFormat {
    var fields: UInt32 = 0
    for value in operators where value.meaning == .field { fields |= value.field.bit }
    return LineFormat(name: name, dialect: .envoy, fields: fields)
  }

  private func has(_ fields: LogField...) -> Bool {
    fields.contains { lineFormat.has($0) }
  }

  // What lines of the format can be evidence for (spec access-logs 1.3).

  /// Whether lines say who called, as the mesh verified it.
  package var hasPeerIdentity: Bool {
    has(.peerSAN, .forwardedClientCertificate, .peerPrincipalState)
  }

  /// Whether lines hold the path that policy was evaluated on; `x-envoy-original-path` is the caller's.
  package var hasTrustedPath: Bool { has(.path) }

  /// Whether lines hold the address of the connection, which no header can change.
  package var hasTrustedAddress: Bool { has(.directRemoteAddress) }

  /// Whether lines say which policy refused.
  package var hasDenialReason: Bool { has(.details, .termination) }

  /// Text is not escaped, so that fields of the caller's can hide parts of a line.
  package var isText: Bool {
    if case .text = layout { true } else { false }
  }

  /// Istio's default text format.
  package static let istioTextFormat = IstioLogFormat.text

  /// Envoy's own default text format (Envoy documentation, Access logging › Default format string).
  package static let envoyTextFormat =
    "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\" "
    + "%RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION% "
    + "%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\" "
    + "\"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\" \"%UPSTREAM_HOST%\""
}
