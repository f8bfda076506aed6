"""One week of traffic of a variant of the platform, as the proxies would log it."""

import datetime
import random

from assist_platform import DAYS, Edge
from envoy_lines import record

HOURS = [1, 1, 1, 1, 1, 2, 3, 6, 9, 10, 10, 9, 8, 9, 10, 10, 9, 7, 5, 4, 3, 2, 2, 1]
# (weight, code, flags, details, whether the application answered)
OUTCOMES = [
    (960, 200, "-", "via_upstream", True), (14, 404, "-", "via_upstream", True),
    (10, 500, "-", "via_upstream", True), (4, 429, "-", "via_upstream", True),
    (6, 503, "UC", "upstream_reset_before_response_started{connection_termination}", False),
    (3, 504, "UT", "response_timeout", False), (3, 0, "DC", "downstream_remote_disconnect", False),
]
DENIED = (1, 403, "-", "rbac_access_denied_matched_policy[none]", False)
OK = OUTCOMES[0]
BROWSERS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/26.1 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
]
COLLECTIONS = ["policies", "products", "regulations"]
# Callers from outside: host, path prefix of the route, destination, calls a day, operations.
PUBLIC = [
    ("assist.meridian.example", "assist", "tenant-nord/advisor", 130,
     [(1, "POST", "/v1/conversations/{u}/messages"), (1, "GET", "/v1/conversations/{u}")]),
    ("claims.meridian.example", "claims", "tenant-sud/claims-assistant", 75,
     [(1, "POST", "/v1/claims/{n}/questions"), (2, "GET", "/v1/claims/{n}")]),
    ("oversight.meridian.example", "oversight", "oversight/audit-console", 16,
     [(4, "GET", "/console/decisions/{u}"), (2, "GET", "/console/systems")]),
]
# Calls that leave the mesh: caller, host, its address, calls a day, operation, user agent.
EXTERNAL = [
    ("agents/llm-orchestrator", "api.model-vendor.example", "198.51.100.20", 26, "POST",
     "/v1/chat/completions", "assist-sdk/2.6 (python-httpx/0.28)"),
    ("tools/browser", "records.public-registry.example", "198.51.100.77", 28, "GET",
     "/records/{n}", "HeadlessChrome/142.0 (assist-browser)"),
]
FORGED = ('x" "00000000-0000-4000-8000-000000000000" "vector-db.data:50051" "10.20.1.99:50051" '
          "outbound|50051||vector-db.data.svc.cluster.local 10.20.1.99:41000 10.20.1.99:50051 "
          "10.20.2.99:41002 - default")


class Week:
    """The events of every proxy: `events[workload]` lists (end of request, pod, event)."""

    def __init__(self, variant):
        self.variant = variant
        self.random = random.Random(f"assist {variant.name}")
        self.events = {key: [] for key in variant.workloads}
        for edge in variant.edges:
            self._internal(edge)
        for public in PUBLIC:
            self._public(*public)
        self._public_once()
        for external in EXTERNAL:
            self._external(*external)
        self._hostile()
        if variant.has_defects:
            self._probes()

    # Time and identifiers

    def _moments(self, per_day, days=DAYS, until=""):
        for day in days:
            midnight = datetime.datetime.fromisoformat(day + "T00:00:00+00:00")
            quiet = 0.45 if midnight.weekday() >= 5 else 1.0
            count = max(1, round(per_day * quiet * self.random.uniform(0.9, 1.1)))
            for _ in range(count):
                hour = self.random.choices(range(24), HOURS)[0]
                moment = midnight + datetime.timedelta(
                    hours=hour, milliseconds=self.random.randrange(3_600_000))
                if not until or stamp(moment) < until:
                    yield moment

    def _uuid(self):
        bits = self.random.getrandbits(128)
        text = f"{bits:032x}"
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{'89ab'[bits >> 64 & 3]}{text[17:20]}-{text[20:]}"

    def _path(self, pattern):
        if "{u}" in pattern:
            pattern = pattern.replace("{u}", self._uuid())
        return (pattern.replace("{n}", str(self.random.randrange(1000, 90000)))
                .replace("{h}", f"{self.random.getrandbits(48):012x}")
                .replace("{c}", self.random.choice(COLLECTIONS)))

    def _pod(self, key):
        return self.random.choice(self.variant.workloads[key].pods)

    def _port(self, *names):
        """Connections live long: a pair of pods uses few ports."""
        return 32768 + (sum(map(ord, "".join(names))) * 97 + self.random.randrange(4) * 1013) % 28000

    def _add(self, key, pod, moment, event):
        event["start_time"] = stamp(moment)
        end = moment + datetime.timedelta(milliseconds=event["duration"])
        self.events[key].append((end, pod.name, event))

    # Server side

    def _server(self, source, destination, moment, method, path, outcome, *, service="", subset="",
                agent=None, plaintext=False, protocol="HTTP/1.1", request_id=None, client=None,
                path_shown=None, authority=None):
        """The line of the destination's sidecar."""
        caller, callee = self.variant.workloads[source], self.variant.workloads[destination]
        from_pod, to_pod = self._pod(source), self._pod(destination)
        service = service or callee.name
        host = f"{service}.{callee.namespace}"
        _, code, flags, details, answered = outcome
        direct = f"{from_pod.address}:{self._port(from_pod.name, to_pod.name)}"
        took = self._duration(path, answered)
        is_grpc = protocol == "HTTP/2"
        if is_grpc and code == 403:
            code = 200  # gRPC puts the refusal into its own status
        if flags == "UT":
            took = 15000
        reached = answered or flags in ("UC", "UT", "DC")
        event = record(
            authority=authority or f"{host}:{callee.port}",
            bytes_received=self.random.randrange(80, 3000) if method == "POST" else 0,
            bytes_sent=self._size(code, answered), duration=took,
            destination_principal=None if plaintext else callee.principal,
            direct_remote_address=direct,
            downstream_local_address=f"{to_pod.address}:{callee.port}",
            downstream_remote_address=f"{client}:0" if client else direct,
            downstream_tls_version=None if plaintext else "TLSv1.3",
            method=method, path=path_shown or path, true_path=path, protocol=protocol,
            request_id=request_id or self._uuid(),
            requested_server_name=None if plaintext else sni(callee, service, subset),
            response_code=code, response_code_details=details, response_flags=flags,
            route_name="default", source_principal=None if plaintext else caller.principal,
            upstream_cluster=f"inbound|{callee.port}||",
            upstream_host=f"{to_pod.address}:{callee.port}" if reached else None,
            upstream_local_address=f"127.0.0.6:{self._port(to_pod.name)}" if reached else None,
            upstream_service_time=str(max(0, took - 1)) if answered else None,
            user_agent=agent, x_forwarded_for=client)
        self._add(destination, to_pod, moment, event)

    def _tcp(self, source, destination, moment):
        caller, callee = self.variant.workloads[source], self.variant.workloads[destination]
        from_pod, to_pod = self._pod(source), self._pod(destination)
        direct = f"{from_pod.address}:{self.random.randrange(32768, 60999)}"
        self._add(destination, to_pod, moment, record(
            bytes_received=self.random.randrange(200, 9000),
            bytes_sent=self.random.randrange(200, 40000), duration=self.random.randrange(200, 90000),
            destination_principal=callee.principal, direct_remote_address=direct,
            downstream_local_address=f"{to_pod.address}:{callee.port}",
            downstream_remote_address=direct, downstream_tls_version="TLSv1.3",
            requested_server_name=sni(callee, callee.name, ""), source_principal=caller.principal,
            upstream_cluster=f"inbound|{callee.port}||",
            upstream_host=f"{to_pod.address}:{callee.port}",
            upstream_local_address=f"127.0.0.6:{self._port(to_pod.name)}"))

    def _internal(self, edge: Edge):
        for moment in self._moments(edge.per_day, edge.days, edge.until):
            if edge.protocol == "tcp":
                self._tcp(edge.source, edge.destination, moment)
                continue
            method, path = self._operation(edge.operations)
            outcome = {"ok": OK, "denied": DENIED}.get(edge.outcome) or self._outcome()
            self._server(edge.source, edge.destination, moment, method, path, outcome,
                         service=edge.service, subset=edge.subset, agent=edge.agent,
                         plaintext=edge.plaintext, protocol=edge.protocol)

    def _operation(self, operations):
        _, method, path = self.random.choices(operations, [o[0] for o in operations])[0]
        return method, self._path(path)

    def _outcome(self):
        return self.random.choices(OUTCOMES, [o[0] for o in OUTCOMES])[0]

    def _duration(self, path, answered):
        if not answered:
            return self.random.randrange(0, 3)
        slow = 900 if "completions" in path or "turns" in path or "runs" in path else 25
        return 2 + int(self.random.expovariate(1 / slow))

    def _size(self, code, answered):
        if code == 403 and not answered:
            return 19  # "RBAC: access denied"
        return self.random.randrange(120, 6000) if answered else 0

    # Gateways

    def _gateway(self, key, pod, moment, took, **fields):
        gateway = self.variant.workloads[key]
        self._add(key, pod, moment, record(
            duration=took, downstream_local_address=f"{pod.address}:{gateway.port}",
            downstream_tls_version="TLSv1.3", **fields))

    def _public(self, host, route, destination, per_day, operations):
        for moment in self._moments(per_day):
            method, path = self._operation(operations)
            self._public_call(moment, host, route, destination, method, path, self._outcome())

    def _public_call(self, moment, host, route, destination, method, path, outcome, agent=None):
        """A call from outside: the line of the ingress gateway and the one of the sidecar behind it."""
        callee = self.variant.workloads[destination]
        pod, target = self._pod("gateways/ingressgateway"), self._pod(destination)
        client = f"203.0.113.{self.random.randrange(2, 250)}"
        agent = agent or self.random.choice(BROWSERS)
        request_id = self._uuid()
        _, code, flags, details, answered = outcome
        refused = code in (401, 403) and not answered
        took = self._duration(path, answered) + 2
        remote = f"{client}:{self.random.randrange(1025, 65000)}"
        self._gateway(
            "gateways/ingressgateway", pod, moment, took, authority=host,
            bytes_received=self.random.randrange(80, 2000) if method == "POST" else 0,
            bytes_sent=self._size(code, answered), direct_remote_address=remote,
            downstream_remote_address=remote, method=method, path=path, true_path=path,
            protocol="HTTP/2", request_id=request_id, requested_server_name=host,
            response_code=code, response_code_details="via_upstream" if flags != "-" else details,
            response_flags="-", route_name=route,
            upstream_cluster=f"outbound|{callee.port}||{callee.name}.{callee.namespace}"
                             ".svc.cluster.local",
            upstream_host=None if refused else f"{target.address}:{callee.port}",
            upstream_local_address=None if refused else f"{pod.address}:{self._port(pod.name)}",
            upstream_service_time=None if refused else str(max(0, took - 1)),
            user_agent=agent, x_forwarded_for=client)
        if not refused:
            self._server("gateways/ingressgateway", destination,
                         moment + datetime.timedelta(milliseconds=1), method, path, outcome,
                         agent=agent, request_id=request_id, client=client, authority=host)

    def _public_once(self):
        """The drill of the stop path, and callers without a good token."""
        for moment in self._moments(2, ["2026-11-17"]):
            self._public_call(moment, "oversight.meridian.example", "oversight",
                              "oversight/audit-console", "POST", "/console/systems/ai-001/stop", OK)
        expired = (1, 401, "-", "jwt_authn_access_denied{Jwt_is_expired}", False)
        for moment in self._moments(3):
            self._public_call(moment, *PUBLIC[0][:3], "GET", self._path("/v1/conversations/{u}"),
                              expired)
        for moment in self._moments(2):
            self._public_call(moment, *PUBLIC[1][:3], "GET", "/v1/claims/1", DENIED,
                              agent="Mozilla/5.0 zgrab/0.x")

    def _external(self, source, host, address, per_day, method, pattern, agent):
        """A call that leaves the mesh: the caller's outbound line and the egress gateway's."""
        caller = self.variant.workloads[source]
        gateway = self.variant.workloads["gateways/egressgateway"]
        service = "egressgateway.gateways.svc.cluster.local"
        for moment in self._moments(per_day):
            from_pod, pod = self._pod(source), self._pod(gateway.key)
            path, request_id = self._path(pattern), self._uuid()
            took = 60 + int(self.random.expovariate(1 / 300))
            port = self._port(from_pod.name, pod.name)
            common = dict(
                authority=host, bytes_received=self.random.randrange(80, 2000) if method == "POST" else 0,
                bytes_sent=self.random.randrange(200, 9000), method=method, path=path,
                true_path=path, protocol="HTTP/1.1", request_id=request_id, response_code=200,
                response_code_details="via_upstream", user_agent=agent)
            local = f"{from_pod.address}:{self.random.randrange(32768, 60999)}"
            self._add(source, from_pod, moment, record(
                **common, duration=took + 2, direct_remote_address=local,
                downstream_local_address=f"{address}:80", downstream_remote_address=local,
                route_name="default", upstream_cluster=f"outbound|8443||{service}",
                upstream_host=f"{pod.address}:8443",
                upstream_local_address=f"{from_pod.address}:{port}",
                upstream_service_time=str(took + 1)))
            self._gateway(
                gateway.key, pod, moment + datetime.timedelta(milliseconds=1), took, **common,
                source_principal=caller.principal, destination_principal=gateway.principal,
                direct_remote_address=f"{from_pod.address}:{port}",
                downstream_remote_address=f"{from_pod.address}:{port}",
                requested_server_name=f"outbound_.8443_._.{service}",
                upstream_cluster=f"outbound|443||{host}", upstream_host=f"{address}:443",
                upstream_local_address=f"{pod.address}:{self._port(pod.name)}",
                upstream_service_time=str(took))

    # Odd lines

    def _hostile(self):
        """What callers can put into a line: quotes, a forged line, a false path, a false address."""
        nord, sud = "tenant-nord/advisor", "tenant-sud/claims-assistant"
        core, browser, tools = "agents/llm-orchestrator", "tools/browser", "tools/tool-gateway"
        for moment in self._moments(1, DAYS[1:4]):
            self._public_call(moment, *PUBLIC[0][:3], "GET",
                              self._path("/v1/conversations/{u}") + '?q="a" or "b"', OK,
                              agent='agent "quoted" \\" back')
            self._public_call(moment, *PUBLIC[1][:3], "GET", self._path("/v1/claims/{n}"), OK,
                              agent=FORGED)
        for moment in self._moments(1, DAYS[2:5]):
            self._server(nord, core, moment, "POST", "/v1/sessions", OK, agent="bad\xff\xfeagent")
            # x-envoy-original-path: the logged path is the caller's, policy sees the true one.
            self._server(sud, core, moment, "POST", "/v1/sessions", OK, path_shown="/admin/stop")
            # x-forwarded-for: the logged address is the caller's, the peer is another.
            self._server(nord, core, moment, "POST", "/v1/sessions", OK, client="10.20.1.99")
            self._server(tools, browser, moment, "POST", "/v1/pages", OK, agent=FORGED)

    def _probes(self):
        """The kubelet calls in plaintext where its probes are not rewritten (the defective twin)."""
        key = "data/vector-db-query"
        workload = self.variant.workloads[key]
        for moment in self._moments(12):
            pod = self._pod(key)
            remote = f"{pod.node}:{self.random.randrange(32768, 60999)}"
            self._add(key, pod, moment, record(
                authority=f"{pod.address}:{workload.port}", bytes_sent=2, duration=1,
                direct_remote_address=remote, downstream_remote_address=remote,
                downstream_local_address=f"{pod.address}:{workload.port}", method="GET",
                path="/healthz", true_path="/healthz", protocol="HTTP/1.1",
                request_id=self._uuid(), response_code=200, response_code_details="via_upstream",
                route_name="default", upstream_cluster=f"inbound|{workload.port}||",
                upstream_host=f"{pod.address}:{workload.port}",
                upstream_local_address=f"127.0.0.6:{self._port(pod.name)}",
                upstream_service_time="0", user_agent="kube-probe/1.33"))


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def sni(callee, service, subset):
    """The server name that Istio's client proxies send in mutual TLS."""
    host = f"{service}.{callee.namespace}.svc.cluster.local"
    return f"outbound_.{callee.port}_.{subset}_.{host}"
