package import MeshModel

/// Whose proxy wrote a log file, by the file's path.
package enum AccessLogOwner {
  /// The workload whose pod wrote the file at `path`, when its name says so and the manifests know it.
  ///
  /// Known are `…/<namespace>_<pod>_<uid>/<container>/0.log` and
  /// `<pod>_<namespace>_<container>-<id>.log` (Kubernetes, kubelet's `/var/log/pods` and
  /// `/var/log/containers`), and a file named after its pod or workload, in a folder named after the
  /// namespace or anywhere when the name is unique: `agents/planner-7d9f6c5b8-x2x4q.log.gz`.
  package static func owner(of path: String, in directory: TrafficDirectory) -> WorkloadID? {
    let parts = path.split(separator: "/").map(String.init)
    guard let file = parts.last else { return nil }
    for folder in parts.dropLast().reversed() {
      let names = folder.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
      if names.count == 3, !names[0].isEmpty, !names[1].isEmpty,
        let workload = workload(pod: names[1], namespace: names[0], in: directory)
      {
        return workload
      }
    }
    let stem = stem(of: file)
    let names = stem.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
    if names.count == 3,
      let workload = workload(pod: names[0], namespace: names[1], in: directory)
    {
      return workload
    }
    if names.count == 2,
      let workload = workload(pod: names[1], namespace: names[0], in: directory)
    {
      return workload
    }
    if parts.count > 1,
      let workload = workload(pod: stem, namespace: parts[parts.count - 2], in: directory)
    {
      return workload
    }
    let namespaces = Set(allWorkloads(directory).map(\.namespace))
    let found = Set(
      namespaces.compactMap { workload(pod: stem, namespace: $0, in: directory) })
    return found.count == 1 ? found.first : nil
  }

  /// The workload of a pod: one that the manifests list, or else the one workload of its namespace that
  /// Kubernetes would have named it after.
  ///
  /// A ReplicaSet's pod is named `<deployment>-<hash>-<5 characters>`, a DaemonSet's and a Job's
  /// `<name>-<5 characters>`, a StatefulSet's `<name>-<ordinal>` (Kubernetes, Workloads).
  static func workload(
    pod: String, namespace: String, in directory: TrafficDirectory
  ) -> WorkloadID? {
    if let workload = directory.workloadsByPod["\(namespace)/\(pod)"] { return workload }
    let workloads = allWorkloads(directory)
    for name in owners(ofPod: pod) {
      let found = workloads.filter { $0.namespace == namespace && $0.name == name }
      if found.count == 1 { return found.first }
    }
    return nil
  }

  /// The names that a pod's owner may have, the longest first.
  private static func owners(ofPod pod: String) -> [Substring] {
    var names = [pod[...]]
    guard let dash = pod.lastIndex(of: "-") else { return names }
    let ending = pod[pod.index(after: dash)...]
    let owner = pod[..<dash]
    if isNumber(ending) { names.append(owner) }
    guard ending.utf8.count == 5, isGenerated(ending) else { return names }
    names.append(owner)
    if let inner = owner.lastIndex(of: "-") {
      let hash = owner[owner.index(after: inner)...]
      if (6...10).contains(hash.utf8.count), isGenerated(hash) || isNumber(hash) {
        names.append(owner[..<inner])
      }
    }
    return names
  }

  private static func isNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
  }

  /// Whether it is made of the letters that Kubernetes makes names of (apimachinery
  /// pkg/util/rand: no vowels, so that no words come out).
  private static func isGenerated(_ text: Substring) -> Bool {
    let letters = "bcdfghjklmnpqrstvwxz2456789".utf8
    return text.utf8.allSatisfy(letters.contains)
  }

  private static func allWorkloads(_ directory: TrafficDirectory) -> Set<WorkloadID> {
    directory.workloads.isEmpty
      ? Set(directory.workloadsByPod.values).union(directory.workloadsByAddress.values)
      : directory.workloads
  }

  /// The file's name without the endings of logs, rotation and compression.
  private static func stem(of file: String) -> String {
    var name = file[...]
    while let dot = name.lastIndex(of: ".") {
      let ending = name[name.index(after: dot)...]
      let isKnown =
        ["log", "jsonl", "json", "txt", "gz", "zst", "prom", "metrics", "om"].contains(ending)
        || (!ending.isEmpty && ending.utf8.allSatisfy { (48...57).contains($0) || $0 == 45 })
      guard isKnown else { break }
      name = name[..<dot]
    }
    return String(name)
  }
}
