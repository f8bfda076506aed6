import MeshModel

/// Finds what selects a pod without looking at everything: entries by namespace, those with a
/// selector by one of its labels.
///
/// A lookup costs as much as it finds.
struct AttachmentIndex: Sendable {
  private struct Label: Hashable {
    var key: String
    var value: String
  }

  private struct Bucket {
    var unselective: [Int32] = []
    var byLabel: [Label: [(entry: Int32, selector: LabelSelector)]] = [:]
  }

  private var buckets: [String: Bucket] = [:]

  init() {}

  /// - Parameter selector: nil and empty select every pod.
  mutating func insert(_ entry: Int, namespace: String, selector: LabelSelector?) {
    guard let selector, let first = selector.matchLabels.min(by: { $0 < $1 }) else {
      buckets[namespace, default: Bucket()].unselective.append(Int32(entry))
      return
    }
    buckets[namespace, default: Bucket()]
      .byLabel[Label(key: first.key, value: first.value), default: []]
      .append((Int32(entry), selector))
  }

  /// Entries of `namespace` whose selector matches the labels, in the order of insertion.
  func entries(in namespace: String, labels: [String: String]) -> [Int32] {
    guard let bucket = buckets[namespace] else { return [] }
    if bucket.byLabel.isEmpty { return bucket.unselective }
    var result = bucket.unselective
    for (key, value) in labels {
      for candidate in bucket.byLabel[Label(key: key, value: value)] ?? []
      where candidate.selector.matches(labels) {
        result.append(candidate.entry)
      }
    }
    return result.sorted()
  }

  /// Entries of the root namespace and of the pod's own.
  func entries(root: String, namespace: String, labels: [String: String]) -> [Int32] {
    let own = entries(in: namespace, labels: labels)
    return root == namespace ? own : (entries(in: root, labels: labels) + own).sorted()
  }
}
