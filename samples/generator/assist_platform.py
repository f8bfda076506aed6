"""The platform that both samples show: its workloads, who calls whom, and what differs.

`Variant("istio-agents")` has the defects, `Variant("istio-agents-clean")` is the repaired twin. What is
said here must agree with the manifests, which are written by hand: names, ports, labels, identities.
"""

import hashlib
from dataclasses import dataclass, field

TRUST_DOMAIN = "mesh.meridian.example"
DAYS = ["2026-11-13", "2026-11-14", "2026-11-15", "2026-11-16", "2026-11-17", "2026-11-18",
        "2026-11-19"]
AS_OF = "2026-11-20T06:00:00Z"
NODES = ["10.10.0.11", "10.10.0.12", "10.10.0.13"]


@dataclass
class Workload:
    """A controller with its pods; the fields are those of its pod template."""

    namespace: str
    name: str
    port: int = 8080
    port_name: str = "http"
    app: str = ""
    account: str = ""
    kind: str = "Deployment"
    replicas: int = 2
    version: str = "v1"
    tag: str = ""
    image: str = ""
    part_of: str = "credit-advice"
    system: str = ""
    labels: dict = field(default_factory=dict)
    annotations: dict = field(default_factory=dict)
    environment: dict = field(default_factory=dict)
    gateway: str = ""
    has_proxy: bool = True
    pods: list = field(default_factory=list)

    def __post_init__(self):
        self.app = self.app or self.name
        self.account = self.account or self.name
        self.image = self.image or self.app

    @property
    def key(self):
        return f"{self.namespace}/{self.name}"

    @property
    def principal(self):
        return f"spiffe://{TRUST_DOMAIN}/ns/{self.namespace}/sa/{self.account}"

    @property
    def template_labels(self):
        if self.gateway:
            return {"sidecar.istio.io/inject": "true", "app": self.app, "istio": self.gateway,
                    "app.kubernetes.io/name": self.app, "version": self.version}
        result = {"app": self.app, "version": self.version, "app.kubernetes.io/name": self.app,
                  "app.kubernetes.io/part-of": self.part_of}
        if self.system:
            result["meshaudit.dev/ai-system"] = self.system
        return {**result, **self.labels}


@dataclass
class Pod:
    name: str
    address: str
    node: str


@dataclass
class Edge:
    """Calls of one workload to another: how many a day, and which."""

    source: str
    destination: str
    per_day: float
    operations: list  # (weight, method, path with {n} {h} {u} {c} for identifiers)
    service: str = ""
    subset: str = ""
    days: list = field(default_factory=lambda: list(DAYS))
    until: str = ""  # no calls from this time on
    outcome: str = "mixed"  # mixed, ok, denied
    agent: str = "assist-sdk/2.6 (python-httpx/0.28)"
    plaintext: bool = False
    protocol: str = "HTTP/1.1"


def letters(seed, count):
    """The random part of a pod's name, in the alphabet of Kubernetes."""
    digest = hashlib.sha256(seed.encode()).digest()
    return "".join("bcdfghjklmnpqrstvwxz2456789"[byte % 27] for byte in digest[:count])


class Variant:
    def __init__(self, name):
        self.name = name
        self.has_defects = name == "istio-agents"
        self.workloads = {w.key: w for w in self._workloads()}
        for index, workload in enumerate(self.workloads.values()):
            self._add_pods(workload, index)
        self.edges = self._edges()

    def _workloads(self):
        bad = self.has_defects
        core, index, tools = "ai-001", "ai-003", "ai-004"
        tool_account = "tools-runtime" if bad else ""
        gateway_annotations = {
            "inject.istio.io/templates": "gateway", "prometheus.io/path": "/stats/prometheus",
            "prometheus.io/port": "15020", "prometheus.io/scrape": "true"}
        yield Workload("gateways", "ingressgateway", 8443, "https", gateway="ingressgateway",
                       annotations=gateway_annotations, tag="1.29.2")
        yield Workload("gateways", "egressgateway", 8443, "https", gateway="egressgateway",
                       annotations=gateway_annotations, tag="1.29.2")
        yield Workload("agents", "llm-orchestrator", system=core, tag="3.2.1")
        yield Workload("agents", "planner", system=core, tag="3.2.0")
        yield Workload("agents", "retriever", system=core, tag="2.9.4")
        yield Workload("agents", "session-store", 6379, "tcp-redis", kind="StatefulSet",
                       replicas=1, image="redis", system=core, tag="7.4.1")
        yield Workload("tools", "tool-gateway", part_of="agent-tools", system=tools, tag="1.14.0")
        yield Workload("tools", "browser", account=tool_account, part_of="agent-tools",
                       system=tools, tag="0.22.3")
        yield Workload("tools", "code-runner", account=tool_account, part_of="agent-tools",
                       system=tools, tag="0.9.7")
        yield Workload("models", "model-server-v1", app="model-server", account="model-server",
                       part_of="model-serving", system=core, tag="2026.9")
        yield Workload("models", "model-server-v2", app="model-server", account="model-server",
                       version="v2", replicas=1, part_of="model-serving", system=core,
                       tag="2026.11")
        yield Workload("models", "embedding", part_of="knowledge-index", system=index, tag="1.7.2")
        yield Workload("data", "vector-db-query", part_of="knowledge-index", system=index,
                       tag="4.1.0", annotations={
                           "sidecar.istio.io/rewriteAppHTTPProbers": "false"} if bad else {})
        yield Workload("data", "vector-db", 50051, "grpc", kind="StatefulSet", replicas=1,
                       part_of="knowledge-index", system=index, tag="1.12.5", annotations={
                           "traffic.sidecar.istio.io/excludeInboundPorts": "9090"} if bad else {})
        yield Workload("data", "etl-writer", 0, replicas=1, part_of="knowledge-index",
                       system=index, tag="0.31.0", has_proxy=not bad,
                       labels={"sidecar.istio.io/inject": "false"} if bad else {})
        yield Workload("oversight", "audit-console", part_of="oversight", tag="2.3.0",
                       annotations={"proxy.istio.io/config":
                                    "proxyMetadata:\n  SECRET_TTL: 2160h0m0s\n"} if bad else {})
        yield Workload("tenant-nord", "advisor", system=core, tag="5.0.2",
                       labels={"meshaudit.dev/tenant": "nord"})
        yield Workload("tenant-sud", "claims-assistant", account="default" if bad else "",
                       part_of="claims-assistant", system="ai-002", tag="4.4.0",
                       labels={"meshaudit.dev/tenant": "sud"})

    def _add_pods(self, workload, index):
        for number in range(workload.replicas):
            node = (index + number) % len(NODES)
            if workload.kind == "StatefulSet":
                name = f"{workload.name}-{number}"
            else:
                # As in Kubernetes: a hash of the template, then five letters of the pod's own.
                template = letters(f"template {workload.key} {self.name}", 10)
                own = letters(f"pod {workload.key} {number}", 5)
                name = f"{workload.name}-{template}-{own}"
            address = f"10.20.{node + 1}.{20 + index * 3 + number}"
            workload.pods.append(Pod(name, address, NODES[node]))

    def _edges(self):
        bad = self.has_defects
        late = "2026-11-19T21:40:00Z" if bad else ""  # the embedding server's certificate ends
        grpc = "grpc-go/1.66.0"
        completions = [(1, "POST", "/v1/chat/completions")]
        plans = [(1, "POST", "/v1/plans"), (2, "GET", "/v1/plans/{u}")]
        edges = [
            Edge("tenant-nord/advisor", "agents/llm-orchestrator", 140,
                 [(1, "POST", "/v1/sessions"), (4, "POST", "/v1/sessions/{u}/turns")]),
            Edge("tenant-sud/claims-assistant", "agents/llm-orchestrator", 80,
                 [(1, "POST", "/v1/sessions"), (3, "POST", "/v1/sessions/{u}/turns")]),
            Edge("agents/llm-orchestrator", "agents/planner", 150, plans),
            Edge("agents/llm-orchestrator", "agents/session-store", 50, [(1, "", "")],
                 protocol="tcp"),
            Edge("agents/llm-orchestrator", "models/model-server-v1", 100,
                 completions + [(0.2, "GET", "/v1/models")], "model-server", "v1"),
            Edge("agents/planner", "models/model-server-v1", 130, completions, "model-server",
                 "v1"),
            Edge("agents/planner", "agents/retriever", 110,
                 [(3, "POST", "/v1/search"), (2, "GET", "/v1/documents/{n}")]),
            Edge("agents/planner", "tools/tool-gateway", 70,
                 [(5, "POST", "/mcp"), (1, "GET", "/mcp/tools")]),
            Edge("agents/retriever", "models/embedding", 90, [(1, "POST", "/v1/embeddings")],
                 until=late),
            Edge("agents/retriever", "data/vector-db-query", 90,
                 [(1, "POST", "/v1/collections/{c}/points/search")], agent="Go-http-client/1.1"),
            Edge("data/vector-db-query", "models/embedding", 20, [(1, "POST", "/v1/embeddings")],
                 until=late, agent="Go-http-client/1.1"),
            Edge("data/vector-db-query", "data/vector-db", 120,
                 [(8, "POST", "/vectors.v1.Points/Search"), (2, "POST", "/vectors.v1.Points/Upsert"),
                  (1, "POST", "/grpc.health.v1.Health/Check")], agent=grpc, protocol="HTTP/2"),
            Edge("data/etl-writer", "data/vector-db-query", 22,
                 [(1, "POST", "/v1/collections/{c}/points")], agent="etl-writer/0.31",
                 plaintext=bad),
            Edge("tools/tool-gateway", "tools/browser", 38,
                 [(1, "POST", "/v1/pages"), (1, "GET", "/v1/pages/{h}")], agent="mcp-go/0.14"),
            Edge("tools/tool-gateway", "tools/code-runner", 34,
                 [(1, "POST", "/v1/runs"), (2, "GET", "/v1/runs/{h}")], agent="mcp-go/0.14"),
            Edge("oversight/audit-console", "agents/llm-orchestrator", 20,
                 [(1, "GET", "/admin/status")], agent="audit-console/2.3"),
            # The drill of the stop path that the register asks for.
            Edge("oversight/audit-console", "agents/llm-orchestrator", 2,
                 [(1, "POST", "/admin/stop")], days=["2026-11-17"], outcome="ok",
                 agent="audit-console/2.3"),
            Edge("oversight/audit-console", "agents/planner", 18,
                 [(1, "GET", "/v1/decisions/{u}")], agent="audit-console/2.3"),
            # Refused calls, each by the default "no rule matches".
            Edge("tenant-sud/claims-assistant", "agents/llm-orchestrator", 2,
                 [(1, "POST", "/admin/stop"), (1, "GET", "/admin/status")],
                 days=["2026-11-14", "2026-11-16", "2026-11-18"], outcome="denied"),
            Edge("models/embedding", "data/vector-db", 3,
                 [(1, "POST", "/vectors.v1.Points/Search")], days=["2026-11-16", "2026-11-17"],
                 outcome="denied", agent=grpc, protocol="HTTP/2"),
        ]
        if bad:
            edges += [
                # Seen and let through, although no policy of the manifests grants it.
                Edge("agents/retriever", "agents/planner", 5, [(1, "POST", "/v1/plans")],
                     days=["2026-11-16", "2026-11-17", "2026-11-18"], outcome="ok"),
                Edge("tenant-sud/claims-assistant", "tenant-nord/advisor", 4,
                     [(1, "GET", "/v1/reports/{n}")]),
            ]
        else:
            edges += [
                Edge("agents/llm-orchestrator", "models/model-server-v2", 12,
                     completions + [(0.3, "GET", "/v1/models")], "model-server", "v2"),
                Edge("agents/planner", "models/model-server-v2", 14, completions, "model-server",
                     "v2"),
                Edge("agents/retriever", "agents/planner", 4, [(1, "POST", "/v1/plans")],
                     days=["2026-11-13", "2026-11-16"], outcome="denied"),
            ]
        return edges
