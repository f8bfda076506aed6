import AccessAnalysis
import Glibc
import KubernetesPolicy
import MeshModel

// Times of the processor, so that they bear a busy machine better.
func seconds(_ work: () -> Void) -> Double {
  let start = clock()
  work()
  return Double(clock() - start) / Double(CLOCKS_PER_SEC)
}

func line(_ name: String, _ seconds: Double, _ rest: String = "") {
  let milliseconds = Int((seconds * 1_000).rounded())
  print("\(name)\t\(milliseconds) ms\t\(rest)")
}

let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000
var random = RandomMesh(workloadCount: 2_000, policyCount: 5_000)
var inventory = random.inventory()
inventory.networkPolicy = random.networkPolicies()
// Distinct requests, asked again and again: memory for a million would measure memory.
let mixed = random.requests(4_000, areGranted: false)
let granted = random.requests(4_000, areGranted: true)
let network = NetworkPolicyModel(inventory: inventory)
let layers = AccessModel(inventory: inventory)

func measure(
  _ name: String, _ requests: [AccessRequest], _ decision: (AccessRequest) -> DecisionRecord
) {
  var best = Double.infinity
  var counts: [Decision: Int] = [:]
  for _ in 0..<3 {
    counts = [:]
    let time = seconds {
      for index in 0..<count {
        counts[decision(requests[index % requests.count]).decision, default: 0] += 1
      }
    }
    best = min(best, time)
  }
  let outcome = counts.sorted { $0.key.rawValue < $1.key.rawValue }
    .map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", ")
  line(name, best, "\(Int(Double(count) / best)) a second; \(outcome)")
}

line("prepare network", seconds { _ = NetworkPolicyModel(inventory: inventory) })
line("prepare layers", seconds { _ = AccessModel(inventory: inventory) })
measure("network mixed", random.connections(mixed)) { network.decision(for: $0) }
measure("network by identity", mixed) { network.decision(for: $0) }
measure("layers mixed", mixed) { layers.decision(for: $0) }
measure("layers granted", granted) { layers.decision(for: $0) }
measure("layers by workload", random.connections(granted)) { layers.decision(for: $0) }
