/// A Kubernetes label selector: `matchLabels` and `matchExpressions`, all of which must hold.
///
/// An empty selector matches everything (Kubernetes apimachinery, `LabelSelectorAsSelector`); an absent
/// selector is a nil of this type and means what its owner says.
package struct LabelSelector: Hashable, Sendable {
  package struct Expression: Hashable, Sendable {
    package enum Operator: Hashable, Sendable {
      case isIn
      case notIn
      case exists
      case doesNotExist
    }

    package var key: String
    package var operation: Operator
    package var values: [String]

    package init(key: String, operation: Operator, values: [String] = []) {
      self.key = key
      self.operation = operation
      self.values = values
    }

    /// `notIn` is true when the label is absent (Kubernetes labels.Requirement.Matches).
    package func matches(_ labels: [String: String]) -> Bool {
      switch operation {
      case .isIn: labels[key].map(values.contains) ?? false
      case .notIn: labels[key].map { !values.contains($0) } ?? true
      case .exists: labels[key] != nil
      case .doesNotExist: labels[key] == nil
      }
    }
  }

  package var matchLabels: [String: String]
  package var matchExpressions: [Expression]

  package init(matchLabels: [String: String] = [:], matchExpressions: [Expression] = []) {
    self.matchLabels = matchLabels
    self.matchExpressions = matchExpressions
  }

  package var isEmpty: Bool { matchLabels.isEmpty && matchExpressions.isEmpty }

  package func matches(_ labels: [String: String]) -> Bool {
    matchLabels.allSatisfy { labels[$0.key] == $0.value }
      && matchExpressions.allSatisfy { $0.matches(labels) }
  }
}
