import Glibc
import LinkerdPolicy
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
let inventory = random.inventory()
let mesh = LinkerdMesh(inventory: inventory)
line("prepare", seconds { _ = LinkerdMesh(inventory: inventory) })
for (name, areGranted) in [("mixed", false), ("granted", true)] {
  // Distinct requests, asked again and again: memory for a million would measure memory.
  let requests = random.requests(4_000, areGranted: areGranted)
  var best = Double.infinity
  var counts: [Decision: Int] = [:]
  for _ in 0..<3 {
    counts = [:]
    let time = seconds {
      for index in 0..<count {
        counts[mesh.decision(for: requests[index % requests.count]).decision, default: 0] += 1
      }
    }
    best = min(best, time)
  }
  let outcome = counts.sorted { $0.key.rawValue < $1.key.rawValue }
    .map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", ")
  line(name, best, "\(Int(Double(count) / best)) a second; \(outcome)")
}
line("facts", seconds { _ = mesh.policyFacts() })
line("lints", seconds { _ = mesh.lints() })
