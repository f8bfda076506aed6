/// Reads the syntax of Rust's `regex` crate (docs.rs/regex, "Syntax").
struct RegexParser {
  private typealias Failure = LinkerdRegex.Failure

  private struct Flags {
    var ignoresCase = false
    var isMultiLine = false
    var dotMatchesNewline = false
  }

  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var flags = Flags()
  private var depth = 0

  init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

  mutating func parse() throws(LinkerdRegex.Failure) -> RegexNode {
    let node = try alternatives()
    guard position == scalars.count else { throw .invalid }
    return node
  }

  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    position += 1
    return true
  }

  private mutating func alternatives() throws(LinkerdRegex.Failure) -> RegexNode {
    depth += 1
    defer { depth -= 1 }
    // The crate's own nest limit is 250.
    guard depth <= 250 else { throw .invalid }
    var nodes = [try sequence()]
    while skip("|") { nodes.append(try sequence()) }
    return nodes.count == 1 ? nodes[0] : .alternatives(nodes)
  }

  private mutating func sequence() throws(LinkerdRegex.Failure) -> RegexNode {
    var nodes: [RegexNode] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      let atom = try atom()
      nodes.append(try repeated(atom))
    }
    return nodes.isEmpty ? .empty : .sequence(nodes)
  }

  private mutating func repeated(_ atom: RegexNode) throws(LinkerdRegex.Failure) -> RegexNode {
    var node = atom
    while let scalar = next {
      let minimum: Int
      let maximum: Int?
      switch scalar {
      case "*": (minimum, maximum) = (0, nil)
      case "+": (minimum, maximum) = (1, nil)
      case "?": (minimum, maximum) = (0, 1)
      case "{":
        (minimum, maximum) = try counts()
        position -= 1
      default: return node
      }
      position += 1
      node = .repetition(node, minimum: minimum, maximum: maximum, isGreedy: !skip("?"))
    }
    return node
  }

  /// `{2}`, `{2,}`, `{2,5}`; anything else in braces is refused.
  private mutating func counts() throws(LinkerdRegex.Failure) -> (Int, Int?) {
    position += 1
    guard let minimum = number() else { throw .invalid }
    var maximum: Int? = minimum
    if skip(",") { maximum = next == "}" ? nil : number() ?? -1 }
    guard skip("}"), maximum.map({ $0 >= minimum }) ?? true else { throw .invalid }
    guard minimum <= 1000, (maximum ?? 0) <= 1000 else { throw .unsupported }
    return (minimum, maximum)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let scalar = next, ("0"..."9").contains(scalar) {
      value = min((value ?? 0) * 10 + Int(scalar.value - 48), 100_000)
      position += 1
    }
    return value
  }

  private mutating func atom() throws(LinkerdRegex.Failure) -> RegexNode {
    guard let scalar = next else { throw .invalid }
    position += 1
    switch scalar {
    case ".": return .scalars(flags.dotMatchesNewline ? .everything : .newline)
    case "^": return .assertion(flags.isMultiLine ? .lineStart : .textStart)
    case "$": return .assertion(flags.isMultiLine ? .lineEnd : .textEnd)
    case "(": return try group()
    case "[": return .scalars(try bracket())
    case "\\": return try escape()
    case "*", "+", "?", "{": throw .invalid
    default: return literal(scalar)
    }
  }

  private func literal(_ scalar: Unicode.Scalar) -> RegexNode {
    .scalars(
      RegexClass(ranges: [scalar.value...scalar.value], ignoresCase: flags.ignoresCase))
  }

  private mutating func group() throws(LinkerdRegex.Failure) -> RegexNode {
    let outer = flags
    if skip("?") {
      if skip("P") {
        guard skip("<") else { throw .invalid }
        try groupName()
      } else if next == "<" {
        position += 1
        // Look-behind does not exist in the crate.
        guard next != "=", next != "!" else { throw .invalid }
        try groupName()
      } else if try setFlags() {
        // `(?i)` holds to the end of the group around it.
        return .empty
      }
    }
    let node = try alternatives()
    guard skip(")") else { throw .invalid }
    flags = outer
    return node
  }

  private mutating func groupName() throws(LinkerdRegex.Failure) {
    let start = position
    while let scalar = next, scalar != ">" {
      guard scalar.properties.isAlphabetic || scalar == "_" || ("0"..."9").contains(scalar)
      else { throw .invalid }
      position += 1
    }
    guard position > start, skip(">") else { throw .invalid }
  }

  /// Reads `i`, `i-s:`, `:` after `(?`; true when the flags stand alone, `(?i)`.
  private mutating func setFlags() throws(LinkerdRegex.Failure) -> Bool {
    var isOn = true
    while let scalar = next {
      position += 1
      switch scalar {
      case ":": return false
      case ")": return true
      case "-": isOn = false
      case "i": flags.ignoresCase = isOn
      case "m": flags.isMultiLine = isOn
      case "s": flags.dotMatchesNewline = isOn
      case "u" where isOn: break
      case "u", "U", "x", "R": throw .unsupported
      default: throw .invalid
      }
    }
    throw .invalid
  }

  private mutating func escape() throws(LinkerdRegex.Failure) -> RegexNode {
    guard let scalar = next else { throw .invalid }
    switch scalar {
    case "b": position += 1; return .assertion(.wordBoundary)
    case "B": position += 1; return .assertion(.notWordBoundary)
    case "A": position += 1; return .assertion(.textStart)
    case "z": position += 1; return .assertion(.textEnd)
    default:
      if let named = try namedClass() { return .scalars(named) }
      return literal(try escapedScalar())
    }
  }

  /// `\d`, `\w`, `\s` and their negations.
  private mutating func namedClass() throws(LinkerdRegex.Failure) -> RegexClass? {
    guard let scalar = next else { throw .invalid }
    let named: RegexClass
    switch scalar {
    case "d", "D": named = RegexClass(ranges: RegexClasses.decimalDigits)
    case "w", "W": named = RegexClass(ranges: RegexClasses.wordScalars)
    case "s", "S": named = RegexClass(ranges: RegexClasses.spaces)
    case "p", "P": throw .unsupported
    default: return nil
    }
    position += 1
    var result = named
    result.isNegated = scalar.properties.isUppercase
    return result
  }

  private mutating func escapedScalar() throws(LinkerdRegex.Failure) -> Unicode.Scalar {
    guard let scalar = next else { throw .invalid }
    position += 1
    switch scalar {
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "f": return "\u{C}"
    case "v": return "\u{B}"
    case "a": return "\u{7}"
    case "x", "u", "U": return try hexadecimal(scalar)
    default:
      // Letters and digits that mean nothing are refused, so are back references.
      guard scalar.isASCII, !scalar.properties.isAlphabetic, !("0"..."9").contains(scalar) else {
        throw .invalid
      }
      return scalar
    }
  }

  private mutating func hexadecimal(_ kind: Unicode.Scalar) throws(LinkerdRegex.Failure)
    -> Unicode.Scalar
  {
    var digits = ""
    if skip("{") {
      while let scalar = next, scalar != "}" {
        digits.unicodeScalars.append(scalar)
        position += 1
      }
      guard skip("}") else { throw .invalid }
    } else {
      let count = kind == "x" ? 2 : kind == "u" ? 4 : 8
      guard position + count <= scalars.count else { throw .invalid }
      digits.unicodeScalars.append(contentsOf: scalars[position..<(position + count)])
      position += count
    }
    guard let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) else {
      throw .invalid
    }
    return scalar
  }

  private mutating func bracket() throws(LinkerdRegex.Failure) -> RegexClass {
    var result = RegexClass(ignoresCase: flags.ignoresCase)
    result.isNegated = skip("^")
    var isFirst = true
    while true {
      guard let scalar = next else { throw .invalid }
      if scalar == "]", !isFirst {
        position += 1
        return result
      }
      isFirst = false
      if scalar == "[" {
        result.ranges += try posixClass()
        continue
      }
      if scalar == "&" || scalar == "~" || scalar == "-",
        position + 1 < scalars.count, scalars[position + 1] == scalar
      {
        throw .unsupported
      }
      if scalar == "\\" {
        position += 1
        if let named = try namedClass() {
          guard !named.isNegated else { throw .unsupported }
          result.ranges += named.ranges
          continue
        }
        position -= 1
      }
      let lower = try classScalar()
      if next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" {
        position += 1
        let upper = try classScalar()
        guard lower <= upper else { throw .invalid }
        result.ranges.append(lower.value...upper.value)
      } else {
        result.ranges.append(lower.value...lower.value)
      }
    }
  }

  private mutating func classScalar() throws(LinkerdRegex.Failure) -> Unicode.Scalar {
    guard let scalar = next else { throw .invalid }
    position += 1
    return scalar == "\\" ? try escapedScalar() : scalar
  }

  /// `[:alpha:]` inside a bracket; other nested brackets are not supported.
  private mutating func posixClass() throws(LinkerdRegex.Failure) -> [ClosedRange<UInt32>] {
    let rest = String(String.UnicodeScalarView(scalars[position...]))
    for (name, ranges) in RegexClasses.posix where rest.hasPrefix("[:\(name):]") {
      position += name.unicodeScalars.count + 4
      return ranges
    }
    throw .unsupported
  }
}

/// The scalars of named classes.
enum RegexClasses {
  /// Decimal digits: a block of ten for each script that URLs are likely to hold.
  static let decimalDigits: [ClosedRange<UInt32>] = [
    48...57, 0x660...0x669, 0x6F0...0x6F9, 0x966...0x96F, 0xFF10...0xFF19,
  ]
  /// Letters, marks, digits and `_`.
  ///
  /// Beyond ASCII every letter block is taken whole.
  static let wordScalars: [ClosedRange<UInt32>] = [
    48...57, 65...90, 95...95, 97...122, 0xAA...0xAA, 0xB5...0xB5, 0xBA...0xBA, 0xC0...0xD6,
    0xD8...0xF6, 0xF8...0x2FF, 0x300...0x36F, 0x370...0x1FFF, 0x2C00...0x2FEF, 0x3040...0xD7FF,
    0xF900...0xFDFF,
  ]
  static let spaces: [ClosedRange<UInt32>] = [
    9...13, 32...32, 0x85...0x85, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A,
    0x2028...0x2029, 0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000,
  ]
  static let posix: [(String, [ClosedRange<UInt32>])] = [
    ("alnum", [48...57, 65...90, 97...122]), ("alpha", [65...90, 97...122]),
    ("ascii", [0...127]), ("blank", [9...9, 32...32]), ("cntrl", [0...31, 127...127]),
    ("digit", [48...57]), ("graph", [33...126]), ("lower", [97...122]), ("print", [32...126]),
    ("punct", [33...47, 58...64, 91...96, 123...126]), ("space", [9...13, 32...32]),
    ("upper", [65...90]), ("word", [48...57, 65...90, 95...95, 97...122]),
    ("xdigit", [48...57, 65...70, 97...102]),
  ]
}
