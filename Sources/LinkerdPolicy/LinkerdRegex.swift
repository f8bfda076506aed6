/// A regular expression in the syntax of Rust's `regex` crate, which Linkerd's proxy matches paths,
/// headers and query parameters with.
///
/// Matching takes time linear in pattern and text, whatever the pattern (a virtual machine that
/// follows all alternatives at once, in their order of preference). Unicode property classes and
/// set operations inside classes are not supported and reported as such.
struct LinkerdRegex: Sendable {
  enum Failure: Error, Equatable {
    /// No such expression: the proxy would refuse it too.
    case invalid
    /// The proxy may understand it, this engine does not.
    case unsupported
  }

  private let program: [RegexInstruction]

  init(_ pattern: String) throws(Failure) {
    var parser = RegexParser(pattern)
    let node = try parser.parse()
    var compiler = RegexCompiler()
    try compiler.append(node)
    compiler.program.append(.match)
    program = compiler.program
  }

  /// Whether the leftmost-first match spans the whole text: `/a|/a/b` finds `/a` in `/a/b` and thus
  /// does not match it (linkerd2-proxy v2.366.0, http/route/src/http/match/path.rs: `Regex::find`,
  /// then start and end are compared).
  ///
  /// A match at the start is the leftmost one, so only matches at the start are looked for.
  func matchesWhole(_ text: String) -> Bool {
    let scalars = Array(text.unicodeScalars)
    var machine = RegexMachine(program: program, text: scalars)
    return machine.end() == scalars.count
  }
}

/// Which scalars match.
struct RegexClass: Sendable {
  var ranges: [ClosedRange<UInt32>] = []
  var isNegated = false
  var ignoresCase = false

  static let newline = RegexClass(ranges: [10...10], isNegated: true)
  static let everything = RegexClass(ranges: [], isNegated: true)

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    var isIn = holds(scalar.value)
    if !isIn, ignoresCase {
      for form in [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping] {
        let scalars = form.unicodeScalars
        if let other = scalars.first, scalars.count == 1, holds(other.value) { isIn = true }
      }
    }
    return isIn != isNegated
  }

  private func holds(_ value: UInt32) -> Bool { ranges.contains { $0.contains(value) } }
}

indirect enum RegexNode {
  enum Assertion: Sendable {
    case textStart
    case textEnd
    case lineStart
    case lineEnd
    case wordBoundary
    case notWordBoundary
  }

  case empty
  case scalars(RegexClass)
  case assertion(Assertion)
  case sequence([RegexNode])
  case alternatives([RegexNode])
  case repetition(RegexNode, minimum: Int, maximum: Int?, isGreedy: Bool)
}

enum RegexInstruction: Sendable {
  case scalars(RegexClass)
  case assertion(RegexNode.Assertion)
  /// The first target is preferred.
  case split(Int, Int)
  case jump(Int)
  case match
}

/// Turns the tree into a program for the machine.
struct RegexCompiler {
  /// More than any sensible route needs; bounds what nested counts can expand to.
  private static let instructionLimit = 20_000

  var program: [RegexInstruction] = []

  mutating func append(_ node: RegexNode) throws(LinkerdRegex.Failure) {
    guard program.count < RegexCompiler.instructionLimit else { throw .unsupported }
    switch node {
    case .empty: break
    case .scalars(let scalars): program.append(.scalars(scalars))
    case .assertion(let assertion): program.append(.assertion(assertion))
    case .sequence(let nodes): for node in nodes { try append(node) }
    case .alternatives(let nodes):
      var jumps: [Int] = []
      for (index, node) in nodes.enumerated() {
        guard index + 1 < nodes.count else {
          try append(node)
          break
        }
        let split = program.count
        program.append(.match)
        try append(node)
        jumps.append(program.count)
        program.append(.match)
        program[split] = .split(split + 1, program.count)
      }
      for jump in jumps { program[jump] = .jump(program.count) }
    case .repetition(let node, let minimum, let maximum, let isGreedy):
      for _ in 0..<minimum { try append(node) }
      guard let maximum else {
        let split = program.count
        program.append(.match)
        try append(node)
        program.append(.jump(split))
        program[split] = choice(split + 1, program.count, isGreedy)
        return
      }
      var splits: [Int] = []
      for _ in minimum..<max(minimum, maximum) {
        splits.append(program.count)
        program.append(.match)
        try append(node)
      }
      for split in splits { program[split] = choice(split + 1, program.count, isGreedy) }
    }
  }

  private func choice(_ inside: Int, _ outside: Int, _ isGreedy: Bool) -> RegexInstruction {
    isGreedy ? .split(inside, outside) : .split(outside, inside)
  }
}

/// Follows all alternatives at once; the order of threads is their order of preference.
struct RegexMachine {
  let program: [RegexInstruction]
  let text: [Unicode.Scalar]
  private var visited: [Int]

  init(program: [RegexInstruction], text: [Unicode.Scalar]) {
    self.program = program
    self.text = text
    visited = [Int](repeating: -1, count: program.count)
  }

  /// Where the preferred match that starts at the start ends; nil without one.
  mutating func end() -> Int? {
    var threads: [Int] = []
    var end: Int?
    add(0, at: 0, to: &threads)
    for position in 0...text.count {
      guard !threads.isEmpty else { break }
      var next: [Int] = []
      for thread in threads {
        if case .match = program[thread] {
          end = position
          // Threads that follow are less preferred.
          break
        }
        guard position < text.count, case .scalars(let scalars) = program[thread],
          scalars.contains(text[position])
        else { continue }
        add(thread + 1, at: position + 1, to: &next)
      }
      threads = next
    }
    return end
  }

  private mutating func add(_ start: Int, at position: Int, to threads: inout [Int]) {
    var stack = [start]
    while let index = stack.popLast() {
      guard visited[index] != position else { continue }
      visited[index] = position
      switch program[index] {
      case .jump(let target): stack.append(target)
      case .split(let first, let second): stack += [second, first]
      case .assertion(let assertion):
        if holds(assertion, at: position) { stack.append(index + 1) }
      case .scalars, .match: threads.append(index)
      }
    }
  }

  private func holds(_ assertion: RegexNode.Assertion, at position: Int) -> Bool {
    switch assertion {
    case .textStart: position == 0
    case .textEnd: position == text.count
    case .lineStart: position == 0 || text[position - 1] == "\n"
    case .lineEnd: position == text.count || text[position] == "\n"
    case .wordBoundary: isWord(position - 1) != isWord(position)
    case .notWordBoundary: isWord(position - 1) == isWord(position)
    }
  }

  private func isWord(_ position: Int) -> Bool {
    guard text.indices.contains(position) else { return false }
    let scalar = text[position]
    return scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
      || scalar == "_"
  }
}
