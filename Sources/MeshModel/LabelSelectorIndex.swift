/// Finds the selectors that match some labels without trying each of them.
///
/// A selector with `matchLabels` is filed under its alphabetically first label; selectors without
/// are tried every time. Looking up costs the labels of the pod and the selectors that share one of
/// them.
package struct LabelSelectorIndex<Element: Sendable>: Sendable {
  private struct Label: Hashable {
    var key: String
    var value: String
  }

  private struct Entry: Sendable {
    var selector: LabelSelector
    var element: Element
    var order: Int
  }

  private var byLabel: [Label: [Entry]] = [:]
  private var others: [Entry] = []
  private var count = 0

  package init() {}

  package mutating func insert(_ element: Element, for selector: LabelSelector) {
    let entry = Entry(selector: selector, element: element, order: count)
    count += 1
    if let key = selector.matchLabels.keys.min(), let value = selector.matchLabels[key] {
      byLabel[Label(key: key, value: value), default: []].append(entry)
    } else {
      others.append(entry)
    }
  }

  /// What was filed under the selectors that match, in the order of insertion.
  package func elements(matching labels: [String: String]) -> [Element] {
    var found = others.filter { $0.selector.matches(labels) }
    if !byLabel.isEmpty {
      for (key, value) in labels {
        for entry in byLabel[Label(key: key, value: value)] ?? []
        where entry.selector.matches(labels) {
          found.append(entry)
        }
      }
      found.sort { $0.order < $1.order }
    }
    return found.map(\.element)
  }
}

extension LabelSelector {
  /// `app=web,tier in (a,b),!legacy`, as kubectl writes selectors; `*` when it matches everything.
  package var text: String {
    guard !isEmpty else { return "*" }
    let labels = matchLabels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let expressions = matchExpressions.map { expression in
      switch expression.operation {
      case .isIn: "\(expression.key) in (\(expression.values.joined(separator: ",")))"
      case .notIn: "\(expression.key) notin (\(expression.values.joined(separator: ",")))"
      case .exists: expression.key
      case .doesNotExist: "!\(expression.key)"
      }
    }
    return (labels + expressions).joined(separator: ",")
  }
}
