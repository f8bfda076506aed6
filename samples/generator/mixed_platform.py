"""The samples mixed-mesh, mixed-mesh-clean: Istio sidecars, ambient and Linkerd in one cluster.

Names, ports and accounts agree with the manifests, which are written by hand.
"""

import json

from linkerd_lines import DAYS, calls, identity, json_line
from mesh_certificates import chain, issue, make_ca, pem

TRUST_DOMAIN = "mesh.mosaik.example"
LINKERD_TRUST_DOMAIN = "models.mosaik.example"


def spiffe(account):
    namespace, name = account.split("/")
    return f"spiffe://{TRUST_DOMAIN}/ns/{namespace}/sa/{name}"


def moments(per_day, index):
    for day_index, day in enumerate(DAYS):
        for number in range(per_day):
            step = (number * 6007 + index * 90001 + day_index * 1299709) % 86_399
            yield number, f"{day}T{step // 3600:02d}:{step // 60 % 60:02d}:{step % 60:02d}"


def sidecar_lines(source, destination, per_day, method, path, index, is_refused=lambda number: False):
    """Lines in the format of the mesh's ConfigMap; refused ones as the external authorizer refuses."""
    namespace, name = destination.split("/")
    for number, moment in moments(per_day, index):
        refused = is_refused(number)
        yield moment, json.dumps({
            "authority": f"{name}.{namespace}.svc.cluster.local:8080",
            "destination_principal": spiffe(destination),
            "downstream_local_address": f"10.40.1.{20 + index}:8080",
            "downstream_remote_address": f"10.40.2.{30 + number % 3}:{41000 + number}",
            "method": method, "protocol": "HTTP/1.1",
            "request_id": f"{index:08x}-0000-4000-8000-{number:012x}",
            "response_code": 403 if refused else 200,
            "response_code_details": "ext_authz_denied" if refused else "via_upstream",
            "response_flags": "UAEX" if refused else "-",
            "route_name": "default", "source_principal": spiffe(source),
            "start_time": f"{moment}.{number % 1000:03d}Z", "true_path": path,
            "upstream_cluster": "inbound|8080||",
        }, separators=(",", ":"))


def ztunnel_lines(source, destination, per_day, index):
    """One line a connection, from the ztunnel of the destination's node."""
    (source_namespace, source_name), (namespace, name) = source.split("/"), destination.split("/")
    for number, moment in moments(per_day, index):
        yield moment, json.dumps({
            "level": "info", "time": f"{moment}.{number % 1000:03d}000Z", "scope": "access",
            "message": "connection complete",
            "src.addr": f"10.40.2.{30 + number % 3}:{42000 + number}",
            "src.workload": f"{source_name}-6d5f8c7b94-x7k2p", "src.namespace": source_namespace,
            "src.identity": spiffe(source), "dst.addr": f"10.40.3.{20 + index}:15008",
            "dst.hbone_addr": f"10.40.3.{20 + index}:8080",
            "dst.service": f"{name}.{namespace}.svc.cluster.local",
            "dst.workload": f"{name}-5f7d9c6b84-q4w8z", "dst.namespace": namespace,
            "dst.identity": spiffe(destination), "direction": "inbound",
            "bytes_sent": 900 + number * 17 % 4000, "bytes_recv": 300 + number * 11 % 700,
            "duration": f"{4 + number % 60}ms",
        }, separators=(",", ":"))


def decision_lines(source, destination, address, path, per_day, index, is_allowed):
    """OPA's decisions on calls of one edge, as its console prints them."""
    namespace, name = destination.split("/")
    for number, moment in moments(per_day, index):
        yield moment, json.dumps({
            "bundles": {"authz": {"revision": "2026-11-02.1"}},
            "decision_id": f"{index:08x}-0000-4000-9000-{number:04x}{moment[8:10]}000000",
            "input": {"attributes": {
                "source": {"principal": spiffe(source)},
                "destination": {
                    "address": {"socketAddress": {"address": address, "portValue": 8080}},
                    "principal": spiffe(destination)},
                "request": {"http": {
                    "host": f"{name}.{namespace}.svc.cluster.local:8080", "method": "POST",
                    "path": path}}}},
            "labels": {"id": "opa-6c9d", "version": "1.9.0"}, "level": "info", "msg": "Decision Log",
            "path": "envoy/authz/allow", "result": {"allowed": is_allowed(number)},
            "timestamp": f"{moment}.{number % 1000:03d}Z",
            "type": "openpolicyagent.org/decision_logs",
        }, separators=(",", ":"))


def text(entries):
    return "".join(line + "\n" for _, line in sorted(entries)).encode()


def log_files(bad):
    linkerd = [
        ("models/answerer", "models/model-server", 8080, 40, [("POST", "/v1/chat/completions")], {}),
        ("models/model-server", "models/embedding", 80, 25, [("POST", "/v1/embeddings")], {}),
    ]
    if bad:
        # Across the meshes: let in by address, without an identity.
        linkerd.append(("agents/planner", "models/model-server", 8080, 18,
                        [("POST", "/v1/chat/completions")], {"client": "none"}))
        linkerd.pop(1)  # opaque, and kept out by the network: nothing reaches it
    lines = {}
    for index, edge in enumerate(linkerd):
        for call in calls(edge, index, LINKERD_TRUST_DOMAIN):
            if not call["client"]:
                call["address"] = "10.40.2.31:" + call["address"].split(":")[1]
            lines.setdefault(edge[1], []).append((call["time"], json_line(call)))
    # The defective twin's collector keeps no refusals: OPA's log alone has them.
    lines["agents/planner"] = list(
        sidecar_lines("agents/orchestrator", "agents/planner", 30, "POST", "/v1/plans", 1) if bad
        else sidecar_lines("agents/orchestrator", "agents/planner", 34, "POST", "/v1/plans", 4,
                           is_refused=lambda number: number % 9 == 4))
    lines["agents/orchestrator"] = list(
        sidecar_lines("agents/planner", "agents/orchestrator", 30, "POST", "/v1/results", 2))
    if not bad:
        lines["tools/browser"] = list(ztunnel_lines("agents/planner", "tools/browser", 22, 3))
    files = {f"logs/{key.replace('/', '_')}.log": text(entries) for key, entries in lines.items()}
    decisions = list(decision_lines(
        "agents/orchestrator", "agents/planner", "10.40.1.21", "/v1/plans", 34, 4,
        lambda number: number % 9 != 4))
    if bad:
        # Results were OPA's to judge until the policy that asked it went.
        decisions += [
            line for line in decision_lines(
                "agents/planner", "agents/orchestrator", "10.40.1.22", "/v1/results", 3, 5,
                lambda number: False) if line[0] < DAYS[2]]
    files["decisions/opa.jsonl"] = text(decisions)
    return files


def certificate_files(bad):
    istio_root = make_ca("mosaik root", "Mosaik Mesh Root", "2025-01-10T00:00:00Z",
                         "2035-01-10T00:00:00Z", spiffe_td=TRUST_DOMAIN, organization="Mosaik")
    istio = make_ca("mosaik istio issuing", "istiod issuing CA", "2026-03-01T00:00:00Z",
                    "2027-09-01T00:00:00Z", spiffe_td=TRUST_DOMAIN, organization="Mosaik",
                    parent=istio_root, path_length=0)
    linkerd_root = make_ca("mosaik linkerd root", "root.linkerd.cluster.local",
                           "2025-01-10T00:00:00Z", "2035-01-10T00:00:00Z")
    linkerd = make_ca("mosaik linkerd issuer", "identity.linkerd.cluster.local",
                      "2026-03-01T00:00:00Z", "2027-09-01T00:00:00Z", parent=linkerd_root,
                      path_length=0)
    day = {"not_before": "2026-11-20T02:40:00Z", "not_after": "2026-11-21T02:40:00Z"}
    files = {
        "certificates/istio-root.pem": pem(istio_root), "certificates/istio-issuing.pem": pem(istio),
        "certificates/linkerd-root.pem": pem(linkerd_root),
        "certificates/linkerd-issuer.pem": pem(linkerd)}
    for account in ["agents/orchestrator", "agents/planner", "tools/browser"]:
        leaf = issue(istio, f"mosaik {account}", uris=[spiffe(account)], **day)
        files[f"certificates/{account.replace('/', '_')}.pem"] = pem(chain(leaf))
    for account in ["answerer", "model-server", "embedding"]:
        leaf = issue(linkerd, f"mosaik {account}", dns=[identity(account, "models", LINKERD_TRUST_DOMAIN)],
                     cn="", profile="linkerd", **day)
        files[f"certificates/models_{account}.pem"] = pem(chain(leaf))
    return {path: text.encode("ascii") for path, text in files.items()}


def sample_files(name):
    bad = not name.endswith("-clean")
    return log_files(bad) | certificate_files(bad)
