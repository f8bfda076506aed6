"""The samples linkerd-agents, linkerd-agents-clean: who calls whom, and what the proxies hold.

Names, ports and accounts agree with the manifests, which are written by hand.
"""

from linkerd_lines import apache_line, calls, identity, json_line
from mesh_certificates import chain, issue, make_ca, pem

TRUST_DOMAIN = "mesh.nordlicht.example"
LAST_DAYS = ["2026-11-17", "2026-11-18"]


def edges(bad):
    runtime = "tools/tools-runtime" if bad else "tools/tool-gateway"
    result = [
        # source account, destination, service port, calls a day, operations, options
        ("oversight/audit-console", "agents/planner", 8080, 12, [("GET", "/v1/decisions/{n}")], {}),
        ("agents/planner", "tools/tool-gateway", 8080, 48, [("POST", "/mcp"), ("GET", "/mcp/tools")],
         {}),
        (runtime, "tools/code-runner", 8080, 30,
         [("POST", "/v1/runs"), ("GET", "/v1/runs/{h}")], {}),
        ("agents/planner", "models/model-server", 8080, 60, [("POST", "/v1/chat/completions")], {}),
        ("agents/planner", "data/vector-store", 8080, 44,
         [("POST", "/v1/collections/contracts/points/search")], {}),
        ("data/vector-store", "models/embedding", 8080, 20, [("POST", "/v1/embeddings")], {}),
        ("agents/planner", "agents/memory", 8080, 36, [("PUT", "/v1/notes/{h}"), ("GET", "/v1/notes/{h}")],
         {"status": 403} if bad else {}),
    ]
    if bad:
        # Let through in the week and granted by no policy of the manifests.
        result.append(("models/model-server", "agents/planner", 8080, 3, [("GET", "/v1/decisions/{n}")],
                       {"days": LAST_DAYS}))
        # The loader has no proxy: its calls come without an identity and are refused.
        result.append(("data/loader", "data/vector-store", 8080, 5,
                       [("POST", "/v1/collections/contracts/points")],
                       {"client": "none", "status": 403, "agent": "loader/0.9"}))
    else:
        result.append(("data/loader", "data/vector-store", 8080, 10,
                       [("POST", "/v1/collections/contracts/points")], {"agent": "loader/0.9"}))
    # Not admitted by the namespace that the defective twin names.
    result.append(("research/gpu-box", "models/model-server", 8080, 4,
                   [("POST", "/v1/chat/completions")],
                   {"client": f"spiffe://{TRUST_DOMAIN}/research/gpu-box", "agent": "gpu-box/2.1",
                    **({"status": 403} if bad else {})}))
    return result


def log_files(bad):
    lines = {}
    for index, edge in enumerate(edges(bad)):
        destination = edge[1]
        if bad and destination == "models/embedding":
            continue  # its access log is off
        line = apache_line if bad and destination == "tools/tool-gateway" else json_line
        for call in calls(edge, index, TRUST_DOMAIN):
            lines.setdefault(destination, []).append((call["time"], line(call)))
    return {
        f"{key.replace('/', '_')}.log": "".join(
            text + "\n" for _, text in sorted(entries)).encode()
        for key, entries in lines.items()}


def certificate_files(bad):
    name = "nordlicht"
    root = make_ca(f"{name} root", "root.linkerd.cluster.local", "2024-05-01T00:00:00Z",
                   "2034-05-01T00:00:00Z")
    # The defective twin's identity issuer ends 25 days after the audit.
    validity = (("2025-12-15T00:00:00Z", "2026-12-15T00:00:00Z") if bad
                else ("2026-10-15T00:00:00Z", "2027-10-15T00:00:00Z"))
    issuer = make_ca(f"{name} issuer {validity[0]}", "identity.linkerd.cluster.local", *validity,
                     parent=root, path_length=0)
    files = {"trust-anchor.pem": pem(root), "identity-issuer.pem": pem(issuer)}
    day = ("2026-11-20T01:12:00Z", "2026-11-21T01:12:40Z")
    month = ("2026-11-02T01:12:00Z", "2026-12-02T01:12:40Z")
    runtime = [("tools-runtime", "tools")] if bad else [
        ("tool-gateway", "tools"), ("code-runner", "tools"), ("loader", "data")]
    for account, namespace in [
        ("planner", "agents"), ("memory", "agents"), ("model-server", "models"),
        ("embedding", "models"), ("vector-store", "data"), ("audit-console", "oversight"), *runtime,
    ]:
        times = month if bad and account == "audit-console" else day
        subject = identity(account, namespace, TRUST_DOMAIN)
        leaf = issue(issuer, f"{name} {bad} {account}", dns=[subject], cn="",
                     not_before=times[0], not_after=times[1], profile="linkerd")
        files[f"{namespace}_{account}.pem"] = pem(chain(leaf))
    machine = issue(issuer, f"{name} {bad} gpu-box", uris=[f"spiffe://{TRUST_DOMAIN}/research/gpu-box"],
                    not_before=day[0], not_after=day[1])
    files["research_gpu-box.pem"] = pem(chain(machine))
    return {name: text.encode("ascii") for name, text in files.items()}


def sample_files(name):
    bad = not name.endswith("-clean")
    files = {f"logs/{k}": v for k, v in log_files(bad).items()}
    files |= {f"certificates/{k}": v for k, v in certificate_files(bad).items()}
    return files
