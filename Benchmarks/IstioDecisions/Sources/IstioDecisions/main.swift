import IstioPolicy
import MeshModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

var random = SeededRandom(seed: 42)
let synthetic = SyntheticMesh(random: &random)
let inventory = synthetic.inventory
let total = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000

var prepared: IstioMesh?
let preparing = processorTime { prepared = IstioMesh(inventory: inventory) }
guard let mesh = prepared else { throw CancellationError() }
let only = CommandLine.arguments.dropFirst(2).first
print(
  "prepare: \(inventory.workloads.count) workloads, "
    + "\(inventory.istio.authorizationPolicies.count) policies in \(preparing)")

func measure(_ name: String, _ requests: [AccessRequest]) {
  if let only, only != name { return }
  var best = Duration.seconds(1_000_000)
  var counts: [Decision: Int] = [:]
  for _ in 0..<(only == nil ? 3 : 1) {
    counts = [:]
    let time = processorTime {
      for number in 0..<total {
        counts[mesh.decision(for: requests[number % requests.count]).decision, default: 0] += 1
      }
    }
    best = min(best, time)
  }
  let summary = counts.sorted { $0.key.rawValue < $1.key.rawValue }
    .map { "\($0.value) \($0.key.rawValue)" }.joined(separator: ", ")
  print(
    "\(name): \(total) decisions, best of 3 in \(best), \(Int(Double(total) / (best / .seconds(1)))) a second (\(summary))"
  )
}

measure("mixed", Requests.mixed(4_000, random: &random))
measure(
  "granted",
  Requests.granted(4_000, of: inventory.istio.authorizationPolicies, random: &random))

if only != nil { exit(0) }
let traced = Requests.mixed(4_000, random: &random)
print(
  "traced: 4000 in \(processorTime { for request in traced { _ = mesh.decision(for: request, isTraced: true) } })"
)
let reaching = processorTime {
  for workload in inventory.workloads {
    for team in 0..<50 {
      _ = mesh.reach(
        from: PeerProfile(principal: "spiffe://cluster.local/ns/team-\(team)/sa/svc-3"),
        to: workload.id, port: 8080)
    }
  }
}
print("reach: \(inventory.workloads.count * 50) pairs in \(reaching)")
print(
  "facts: policies, ports, telemetry, client TLS, divergences in "
    + "\(processorTime { _ = mesh.policyFacts(); _ = mesh.workloadPortFacts(); _ = mesh.telemetryFacts(); _ = mesh.clientTLSFacts(); _ = mesh.divergences() })"
)
