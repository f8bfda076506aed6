import Testing

@testable import MeshModel

@Suite struct LabelSelectorTests {
  typealias Expression = LabelSelector.Expression

  /// Kubernetes apimachinery, `labels.Requirement.Matches`.
  @Test func expressionsMatchAsInKubernetes() {
    let labels = ["app": "a", "empty": ""]
    let rows: [(Expression, Bool)] = [
      (Expression(key: "app", operation: .isIn, values: ["a", "b"]), true),
      (Expression(key: "app", operation: .isIn, values: ["b"]), false),
      (Expression(key: "app", operation: .isIn), false),
      (Expression(key: "none", operation: .isIn, values: [""]), false),
      (Expression(key: "empty", operation: .isIn, values: [""]), true),
      (Expression(key: "app", operation: .notIn, values: ["a"]), false),
      (Expression(key: "app", operation: .notIn, values: ["b"]), true),
      (Expression(key: "none", operation: .notIn, values: ["a"]), true),
      (Expression(key: "empty", operation: .exists), true),
      (Expression(key: "none", operation: .exists), false),
      (Expression(key: "empty", operation: .doesNotExist), false),
      (Expression(key: "none", operation: .doesNotExist), true),
    ]
    for (expression, expected) in rows {
      #expect(expression.matches(labels) == expected, "\(expression)")
    }
  }

  @Test func everythingOfASelectorMustHold() {
    #expect(LabelSelector().isEmpty)
    #expect(LabelSelector().matches([:]) && LabelSelector().matches(["a": "b"]))
    let selector = LabelSelector(
      matchLabels: ["a": "1", "b": "2"],
      matchExpressions: [Expression(key: "c", operation: .doesNotExist)])
    #expect(selector.matches(["a": "1", "b": "2", "d": "4"]))
    #expect(!selector.matches(["a": "1"]))
    #expect(!selector.matches(["a": "1", "b": "3"]))
    #expect(!selector.matches(["a": "1", "b": "2", "c": ""]))
    #expect(!selector.isEmpty)
  }
}
