/// Names a workload: cluster, namespace and the name of its top owner.
package struct WorkloadID: Hashable, Sendable {
  package var cluster: String
  package var namespace: String
  package var name: String

  package init(cluster: String = "", namespace: String, name: String) {
    self.cluster = cluster
    self.namespace = namespace
    self.name = name
  }
}

extension WorkloadID: Comparable {
  package static func < (left: WorkloadID, right: WorkloadID) -> Bool {
    (left.cluster, left.namespace, left.name) < (right.cluster, right.namespace, right.name)
  }
}

extension WorkloadID: CustomStringConvertible {
  /// `agents/planner`, or `eu-1/agents/planner` when the cluster is named.
  package var description: String {
    cluster.isEmpty ? "\(namespace)/\(name)" : "\(cluster)/\(namespace)/\(name)"
  }
}

/// A named port of a container or a service.
package enum TransportProtocol: String, Hashable, Sendable {
  case tcp = "TCP"
  case udp = "UDP"
  case sctp = "SCTP"
}

/// A port that a container declares.
package struct ContainerPort: Hashable, Sendable {
  package var name: String?
  package var number: Int
  package var transport: TransportProtocol
  package var location: SourceLocation

  package init(
    name: String? = nil, number: Int, transport: TransportProtocol = .tcp,
    location: SourceLocation
  ) {
    self.name = name
    self.number = number
    self.transport = transport
    self.location = location
  }
}

/// An HTTP or gRPC probe of a container (liveness, readiness, startup): what the kubelet calls.
package struct ContainerProbe: Hashable, Sendable {
  package enum Action: Hashable, Sendable {
    case http(path: String)
    case grpc
    case tcp
  }

  package var action: Action
  /// A number, or the name of a container port.
  package var port: String

  package init(action: Action, port: String) {
    self.action = action
    self.port = port
  }
}

/// A container or init container of a pod template.
package struct Container: Hashable, Sendable {
  package var name: String
  package var image: String
  package var ports: [ContainerPort]
  package var probes: [ContainerProbe]
  /// Literal environment values only; values from Secrets and ConfigMaps are nil.
  package var environment: [String: String?]
  package var arguments: [String]
  package var runAsUser: Int?
  /// An init container that keeps running (Kubernetes native sidecar, `restartPolicy: Always`).
  package var isNativeSidecar: Bool
  package var location: SourceLocation

  package init(
    name: String, image: String = "", ports: [ContainerPort] = [], probes: [ContainerProbe] = [],
    environment: [String: String?] = [:], arguments: [String] = [], runAsUser: Int? = nil,
    isNativeSidecar: Bool = false, location: SourceLocation
  ) {
    self.name = name
    self.image = image
    self.ports = ports
    self.probes = probes
    self.environment = environment
    self.arguments = arguments
    self.runAsUser = runAsUser
    self.isNativeSidecar = isNativeSidecar
    self.location = location
  }
}

/// What a pod template (or a bare Pod) says.
package struct PodTemplate: Hashable, Sendable {
  package var labels: [String: String]
  package var annotations: [String: String]
  /// Empty when the template names none; the pod then runs as `default`.
  package var serviceAccountName: String
  package var containers: [Container]
  package var initContainers: [Container]
  package var usesHostNetwork: Bool
  package var runAsUser: Int?
  package var location: SourceLocation

  package init(
    labels: [String: String] = [:], annotations: [String: String] = [:],
    serviceAccountName: String = "", containers: [Container] = [],
    initContainers: [Container] = [], usesHostNetwork: Bool = false, runAsUser: Int? = nil,
    location: SourceLocation
  ) {
    self.labels = labels
    self.annotations = annotations
    self.serviceAccountName = serviceAccountName
    self.containers = containers
    self.initContainers = initContainers
    self.usesHostNetwork = usesHostNetwork
    self.runAsUser = runAsUser
    self.location = location
  }
}

/// A live pod of a workload, known from a `kubectl get` export.
package struct PodInstance: Hashable, Sendable {
  package var name: String
  package var addresses: [String]
  package var startTime: UTCTime?
  /// What the API server calls it.
  package var uid: String?
  package var nodeName: String?

  package init(
    name: String, addresses: [String], startTime: UTCTime? = nil, uid: String? = nil,
    nodeName: String? = nil
  ) {
    self.name = name
    self.addresses = addresses
    self.startTime = startTime
    self.uid = uid
    self.nodeName = nodeName
  }
}

/// Something that runs pods: the unit of access, of findings and of the AI system register.
///
/// Built from the top owner (Deployment, StatefulSet, DaemonSet, CronJob, …) or from bare Pods; pods
/// whose ReplicaSet belongs to a Deployment are instances of the Deployment.
package struct Workload: Hashable, Sendable {
  package var id: WorkloadID
  /// Kind of the top owner, for example `Deployment`.
  package var kind: String
  package var template: PodTemplate
  /// Labels and annotations of the owner itself, not of its pods.
  package var labels: [String: String]
  package var annotations: [String: String]
  package var replicas: Int?
  package var instances: [PodInstance]
  package var creationTimestamp: UTCTime?
  package var location: SourceLocation

  package init(
    id: WorkloadID, kind: String, template: PodTemplate, labels: [String: String] = [:],
    annotations: [String: String] = [:], replicas: Int? = nil, instances: [PodInstance] = [],
    creationTimestamp: UTCTime? = nil, location: SourceLocation
  ) {
    self.id = id
    self.kind = kind
    self.template = template
    self.labels = labels
    self.annotations = annotations
    self.replicas = replicas
    self.instances = instances
    self.creationTimestamp = creationTimestamp
    self.location = location
  }

  /// Whether it runs beside Kubernetes and not in pods: Istio's WorkloadEntry and WorkloadGroup,
  /// Linkerd's ExternalWorkload.
  package var isMachine: Bool {
    kind == "WorkloadEntry" || kind == "WorkloadGroup" || kind == "ExternalWorkload"
  }

  /// The service account that its pods run as; Kubernetes fills in `default`.
  package var serviceAccount: String {
    template.serviceAccountName.isEmpty ? "default" : template.serviceAccountName
  }

  /// Only what runs in Kubernetes, or says so, has one.
  package var hasServiceAccount: Bool {
    kind != "ExternalWorkload" || !template.serviceAccountName.isEmpty
  }

  package var podLabels: [String: String] { template.labels }

  /// Declared TCP ports of the application containers, in order, without duplicates.
  ///
  /// Ports of the mesh's own proxies are not application ports.
  package var ports: [ContainerPort] {
    var seen: Set<Int> = []
    return template.containers.lazy
      .filter { $0.name != "istio-proxy" && $0.name != "linkerd-proxy" }
      .flatMap(\.ports)
      .filter { $0.transport == .tcp && seen.insert($0.number).inserted }
  }

  /// The version that its pods carry, from the labels that meshes and Kubernetes use for it.
  package var version: String? {
    podLabels["app.kubernetes.io/version"] ?? podLabels["version"]
  }

  /// The application that its pods belong to, from the labels that meshes and Kubernetes use for it.
  package var application: String? {
    podLabels["app.kubernetes.io/name"] ?? podLabels["app"] ?? podLabels["k8s-app"]
  }
}
