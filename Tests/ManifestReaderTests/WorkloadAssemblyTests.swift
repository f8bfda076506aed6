import ManifestReader
import MeshModel
import Testing

/// Pods and controllers become workloads that go by their top owner.
@Suite struct WorkloadAssemblyTests {
  private static let deployment = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: planner, namespace: agents, labels: {team: a}}
    spec:
      replicas: 2
      selector: {matchLabels: {app: planner}}
      template:
        metadata: {labels: {app: planner}}
        spec:
          serviceAccountName: planner
          containers: [{name: app, image: "planner:1", ports: [{containerPort: 8080, name: http}]}]

    """
  private static let replicaSet = """
    apiVersion: apps/v1
    kind: ReplicaSet
    metadata:
      name: planner-7d9f8c6b5d
      namespace: agents
      ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: planner, controller: true}]
    spec:
      template:
        metadata: {labels: {app: planner, pod-template-hash: 7d9f8c6b5d}}
        spec: {containers: [{name: app, image: "planner:1"}]}

    """

  private static func pod(_ suffix: String, hash: String = "7d9f8c6b5d", proxy: Bool = false)
    -> String
  {
    """
    apiVersion: v1
    kind: Pod
    metadata:
      name: planner-\(hash)-\(suffix)
      namespace: agents
      labels: {app: planner, pod-template-hash: "\(hash)"}
      ownerReferences:
      - {apiVersion: example.com/v1, kind: Watcher, name: watcher}
      - {apiVersion: apps/v1, kind: ReplicaSet, name: planner-\(hash), controller: true}
    spec:
      serviceAccountName: planner
      containers:
      - {name: app, image: "planner:1"}
      \(proxy ? "- {name: istio-proxy, image: \"proxyv2:1.29.0\"}" : "")
    status: {podIP: 10.0.0.\(suffix.count), podIPs: [{ip: 10.0.0.\(suffix.count)}, {ip: "fd00::1"}]}

    """
  }

  @Test func podsJoinTheirDeploymentThroughTheReplicaSet() {
    for texts in [
      [Self.deployment, Self.replicaSet, Self.pod("a"), Self.pod("bb")],
      [Self.pod("bb"), Self.pod("a"), Self.replicaSet, Self.deployment],
    ] {
      let (inventory, diagnostics) = readManifests(texts.joined(separator: "---\n"))
      #expect(diagnostics.isEmpty)
      #expect(inventory.workloads.map(\.id.description) == ["agents/planner"])
      let workload = inventory.workloads.first
      #expect(workload?.kind == "Deployment")
      #expect(workload?.replicas == 2)
      #expect(workload?.labels == ["team": "a"])
      #expect(Set(workload?.instances.map(\.name) ?? []).count == 2)
      #expect(workload?.instances.first?.addresses.count == 2)
    }
  }

  /// Exports leave out ReplicaSets; the pods' `pod-template-hash` says what the Deployment is called.
  @Test func podsJoinTheirDeploymentWithoutTheReplicaSet() {
    let (inventory, diagnostics) = readManifests(Self.deployment, Self.pod("a"))
    #expect(diagnostics.isEmpty)
    #expect(inventory.workloads.map(\.id.description) == ["agents/planner"])
    #expect(inventory.workloads.first?.instances.count == 1)
    #expect(inventory.workloads.first?.template.containers.first?.ports.first?.number == 8080)
  }

  @Test func podsAloneStillNameTheirDeployment() {
    let (inventory, _) = readManifests(Self.pod("a"), Self.pod("bb"))
    #expect(inventory.workloads.map(\.id.description) == ["agents/planner"])
    #expect(inventory.workloads.first?.kind == "Deployment")
    #expect(inventory.workloads.first?.instances.count == 2)
    #expect(inventory.workloads.first?.template.serviceAccountName == "planner")
  }

  /// What admission made of the template counts: the proxy is in the pod only.
  @Test func injectedProxyOfAPodIsSeenOnItsWorkload() {
    let (inventory, _) = readManifests(Self.deployment, Self.pod("a", proxy: true))
    let names = inventory.workloads.first?.template.containers.map(\.name)
    #expect(names == ["app", "istio-proxy"])
    #expect(inventory.workloads.first?.location.path == "file0.yaml")
  }

  @Test func barePodGoesByItsOwnName() {
    let (inventory, _) = readManifests(
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: shell, namespace: ops}
      spec: {containers: [{name: sh, image: "sh:1"}]}
      status: {podIP: 10.0.0.9}
      """)
    #expect(inventory.workloads.map(\.id.description) == ["ops/shell"])
    #expect(inventory.workloads.first?.kind == "Pod")
    #expect(inventory.workloads.first?.instances.first?.addresses == ["10.0.0.9"])
  }

  @Test func jobsGoByTheirCronJob() {
    let (inventory, diagnostics) = readManifests(
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: nightly, namespace: ops}
      spec:
        schedule: "0 3 * * *"
        jobTemplate:
          spec:
            template:
              metadata: {labels: {app: nightly}}
              spec:
                serviceAccountName: batch
                restartPolicy: Never
                containers: [{name: job, image: "job:1"}]
      ---
      apiVersion: batch/v1
      kind: Job
      metadata:
        name: nightly-29384756
        namespace: ops
        ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: nightly, controller: true}]
      spec: {template: {metadata: {labels: {app: nightly}}, spec: {containers: [{name: job, image: "job:1"}]}}}
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: nightly-29384756-abcde
        namespace: ops
        ownerReferences: [{apiVersion: batch/v1, kind: Job, name: nightly-29384756, controller: true}]
      spec: {containers: [{name: job, image: "job:1"}]}
      """)
    #expect(diagnostics.isEmpty)
    #expect(inventory.workloads.map(\.id.description) == ["ops/nightly"])
    #expect(inventory.workloads.first?.kind == "CronJob")
    #expect(inventory.workloads.first?.template.serviceAccountName == "batch")
    #expect(inventory.workloads.first?.instances.count == 1)
  }

  @Test(arguments: ["StatefulSet", "DaemonSet"]) func otherControllersAreWorkloads(kind: String) {
    let (inventory, diagnostics) = readManifests(
      """
      apiVersion: apps/v1
      kind: \(kind)
      metadata: {name: c, namespace: x}
      spec:
        template:
          metadata: {labels: {app: c}, annotations: {a: b}}
          spec:
            hostNetwork: true
            initContainers: [{name: istio-init, image: "i:1"}, {name: p, image: "p:1", restartPolicy: Always}]
            containers: [{name: a, image: "a:1", livenessProbe: {httpGet: {path: /live, port: 9000}}}]
      """)
    #expect(diagnostics.isEmpty)
    let workload = inventory.workloads.first
    #expect(workload?.kind == kind)
    #expect(workload?.template.usesHostNetwork == true)
    #expect(workload?.template.annotations == ["a": "b"])
    #expect(workload?.template.initContainers.map(\.isNativeSidecar) == [false, true])
    #expect(workload?.template.containers.first?.probes.first?.port == "9000")
  }

  @Test func controllerWithoutTemplateIsNamed() {
    let (inventory, diagnostics) = readManifests(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, namespace: x}\nspec: {replicas: 1}\n"
    )
    #expect(diagnostics.map(\.code) == ["missing-template"])
    #expect(inventory.workloads.isEmpty)
    #expect(inventory.resources.first?.isIncomplete == true)
  }

  /// A circle of owners ends.
  @Test func ownersThatOwnEachOtherDoNotHang() {
    let replicaSet = { (name: String, owner: String) in
      """
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata:
        name: \(name)
        namespace: x
        ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: \(owner), controller: true}]
      spec: {template: {spec: {containers: []}}}

      """
    }
    let (inventory, _) = readManifests(replicaSet("a", "b"), replicaSet("b", "a"))
    #expect(!inventory.workloads.isEmpty)
  }
}
