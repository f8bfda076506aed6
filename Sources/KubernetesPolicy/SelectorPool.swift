import MeshModel

/// Numbers of the labels that selectors ask for, so that a question compares numbers and hashes no
/// text.
struct NetworkLabelTable: Sendable {
  private struct Label: Hashable {
    var key: String
    /// Nil for the key whatever its value.
    var value: String?
  }

  private var numbers: [Label: Int32] = [:]

  mutating func number(_ key: String, _ value: String?) -> Int32 {
    let label = Label(key: key, value: value)
    if let known = numbers[label] { return known }
    numbers[label] = Int32(numbers.count)
    return Int32(numbers.count - 1)
  }

  /// What selectors may ask of these labels; labels that none asks for are left out.
  func numbers(of labels: [String: String]) -> [Int32] {
    labels.flatMap { key, value in
      [Label(key: key, value: value), Label(key: key, value: nil)].compactMap { numbers[$0] }
    }
  }
}

/// Label selectors in one flat list.
struct SelectorPool: Sendable {
  /// Where a selector stands.
  struct Place: Sendable {
    fileprivate var start: Int32
    fileprivate var count: Int32

    /// It matches everything.
    var isEmpty: Bool { count == 0 }
  }

  /// One of the labels is there, or none of them.
  private struct Clause: Sendable {
    var start: Int32
    var count: Int32
    var isNegated: Bool
  }

  private var clauses: [Clause] = []
  private var labels: [Int32] = []

  mutating func add(_ selector: LabelSelector, _ table: inout NetworkLabelTable) -> Place {
    let start = clauses.count
    for (key, value) in selector.matchLabels.sorted(by: { $0.key < $1.key }) {
      append([table.number(key, value)], isNegated: false)
    }
    for expression in selector.matchExpressions {
      switch expression.operation {
      case .isIn, .notIn:
        append(
          expression.values.map { table.number(expression.key, $0) },
          isNegated: expression.operation == .notIn)
      case .exists, .doesNotExist:
        append(
          [table.number(expression.key, nil)], isNegated: expression.operation == .doesNotExist)
      }
    }
    return Place(start: Int32(start), count: Int32(clauses.count - start))
  }

  /// The same as `LabelSelector.matches`.
  func matches(_ place: Place, _ owned: [Int32]) -> Bool {
    for index in Int(place.start)..<Int(place.start + place.count) {
      let clause = clauses[index]
      if hasOne(clause, owned) == clause.isNegated { return false }
    }
    return true
  }

  private func hasOne(_ clause: Clause, _ owned: [Int32]) -> Bool {
    for index in Int(clause.start)..<Int(clause.start + clause.count)
    where owned.contains(labels[index]) {
      return true
    }
    return false
  }

  private mutating func append(_ numbers: [Int32], isNegated: Bool) {
    clauses.append(
      Clause(start: Int32(labels.count), count: Int32(numbers.count), isNegated: isNegated))
    labels += numbers
  }
}
