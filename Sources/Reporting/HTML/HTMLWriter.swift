/// Writes HTML that is well-formed XML too, so that libxml2 can check it.
///
/// Names of elements and attributes are literals of ours; everything else is text and escaped by byte.
/// By grapheme cluster it would not be safe: a quote with a combining accent is another character to
/// Swift and still a quote to a browser.
struct HTMLWriter {
  private(set) var bytes: [UInt8] = []

  /// An element with content.
  mutating func element(
    _ name: StaticString, _ attributes: [HTMLAttribute] = [],
    _ content: (inout HTMLWriter) -> Void
  ) {
    open(name, attributes)
    raw(">")
    content(&self)
    raw("</")
    raw(name)
    raw(">")
  }

  /// An element that holds text only.
  mutating func element(
    _ name: StaticString, _ attributes: [HTMLAttribute] = [], text: String
  ) {
    element(name, attributes) { $0.text(text) }
  }

  /// An element without content, such as `meta` or an SVG shape.
  mutating func void(_ name: StaticString, _ attributes: [HTMLAttribute] = []) {
    open(name, attributes)
    raw("/>")
  }

  mutating func text(_ text: String) { escape(text, keepsLines: false) }

  /// Text in which a long name, such as an identity or a path, may go on in the next line after a slash or a
  /// dot, and need not be torn within a word.
  mutating func breakable(_ text: String) {
    for (index, piece) in HTMLWriter.pieces(of: text).enumerated() {
      if index > 0 { raw("<wbr/>") }
      self.text(piece)
    }
  }

  /// Shorter words fit wherever they stand.
  private static let wordByteLimit = 20

  /// The text, cut where a line may end; white space ends words anyway.
  private static func pieces(of text: String) -> [String] {
    let bytes = Array(text.utf8)
    guard bytes.count > wordByteLimit else { return [text] }
    var pieces: [String] = []
    var start = 0
    var wordStart = 0
    while wordStart < bytes.count {
      let end = bytes[wordStart...].firstIndex { $0 <= 0x20 } ?? bytes.count
      if end - wordStart > wordByteLimit {
        for place in wordStart + 1..<end - 1 where mayBreak(bytes, after: place) {
          pieces.append(String(decoding: bytes[start...place], as: UTF8.self))
          start = place + 1
        }
      }
      wordStart = end + 1
    }
    return pieces + [String(decoding: bytes[start...], as: UTF8.self)]
  }

  /// After a slash or a dot, unless another follows or the next character might join it.
  private static func mayBreak(_ bytes: [UInt8], after place: Int) -> Bool {
    let (byte, next) = (bytes[place], bytes[place + 1])
    guard byte == UInt8(ascii: "/") || byte == UInt8(ascii: "."), next < 0x80 else { return false }
    return next != UInt8(ascii: "/") && next != UInt8(ascii: ".")
  }

  /// Text whose lines stay lines, for `pre`.
  mutating func lines(_ text: String) { escape(text, keepsLines: true) }

  /// A line end between blocks, for whoever reads or compares the source.
  mutating func newLine() { bytes.append(0x0A) }

  /// Markup of ours.
  mutating func raw(_ markup: StaticString) {
    markup.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  /// The style sheet, which `StyleSheet` has checked to hold neither `<` nor `&`.
  mutating func style(_ sheet: StyleSheet) {
    raw("<style>")
    bytes.append(contentsOf: sheet.text.utf8)
    raw("</style>")
  }

  private mutating func open(_ name: StaticString, _ attributes: [HTMLAttribute]) {
    raw("<")
    raw(name)
    for attribute in attributes {
      raw(" ")
      raw(attribute.name)
      raw("=\"")
      escape(attribute.value, keepsLines: false)
      raw("\"")
    }
  }

  private mutating func escape(_ text: String, keepsLines: Bool) {
    let shown = VisibleText.escaped(text, keepsLines: keepsLines)
    // An accent at the start would join our own quote or bracket when someone normalises the page.
    if let first = shown.unicodeScalars.first, !first.isASCII, HTMLWriter.isCombining(first) {
      raw("&#160;")
    }
    var text = shown
    text.withUTF8 { text in
      var written = 0
      for (place, byte) in text.enumerated() {
        guard let entity = HTMLWriter.entity(for: byte) else { continue }
        bytes += UnsafeBufferPointer(rebasing: text[written..<place])
        raw(entity)
        written = place + 1
      }
      bytes += UnsafeBufferPointer(rebasing: text[written...])
    }
  }

  private static func entity(for byte: UInt8) -> StaticString? {
    switch byte {
    case UInt8(ascii: "&"): "&amp;"
    case UInt8(ascii: "<"): "&lt;"
    case UInt8(ascii: ">"): "&gt;"
    case UInt8(ascii: "\""): "&quot;"
    case UInt8(ascii: "'"): "&#39;"
    case UInt8(ascii: "`"): "&#96;"
    default: nil
    }
  }

  private static func isCombining(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: false
    }
  }
}

/// An attribute that the page may carry: there is no way to write an event handler or a style.
struct HTMLAttribute {
  let name: StaticString
  let value: String

  private init(_ name: StaticString, _ value: String) {
    self.name = name
    self.value = value
  }

  static func `class`(_ value: String) -> HTMLAttribute { .init("class", value) }
  static func id(_ value: String) -> HTMLAttribute { .init("id", HTMLAnchor.id(value)) }
  static func lang(_ value: String) -> HTMLAttribute { .init("lang", value) }
  static func name(_ value: String) -> HTMLAttribute { .init("name", value) }
  static func content(_ value: String) -> HTMLAttribute { .init("content", value) }
  static func charset(_ value: String) -> HTMLAttribute { .init("charset", value) }
  static func httpEquiv(_ value: String) -> HTMLAttribute { .init("http-equiv", value) }
  static func rel(_ value: String) -> HTMLAttribute { .init("rel", value) }
  static func datetime(_ value: String) -> HTMLAttribute { .init("datetime", value) }
  static func scope(_ value: String) -> HTMLAttribute { .init("scope", value) }
  static func colspan(_ value: Int) -> HTMLAttribute { .init("colspan", String(value)) }
  static func role(_ value: String) -> HTMLAttribute { .init("role", value) }
  static func tabindex(_ value: Int) -> HTMLAttribute { .init("tabindex", String(value)) }
  static func label(_ value: String) -> HTMLAttribute { .init("aria-label", value) }
  static func labelledBy(_ id: String) -> HTMLAttribute {
    .init("aria-labelledby", HTMLAnchor.id(id))
  }
  static var hidden: HTMLAttribute { .init("aria-hidden", "true") }
  static var xhtml: HTMLAttribute { .init("xmlns", "http://www.w3.org/1999/xhtml") }
  /// A place on this page.
  static func link(to id: String) -> HTMLAttribute { .init("href", "#" + HTMLAnchor.id(id)) }
  /// The style sheet beside the page.
  static var styleSheet: HTMLAttribute { .init("href", ReportOptions.styleSheetFileName) }
  /// A page elsewhere; nil for anything but `https:`.
  static func link(url: String) -> HTMLAttribute? {
    url.utf8.starts(with: "https://".utf8) ? .init("href", url) : nil
  }
  /// Geometry and paint of an SVG shape; the page's policy forbids style attributes.
  static func svg(_ name: StaticString, _ value: String) -> HTMLAttribute { .init(name, value) }
}
