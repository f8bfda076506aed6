#!/usr/bin/env python3
"""Write a mesh of a given size for the access graph, the same bytes every time.

    generate.py FILE --workloads 5000 [--mesh sidecars|network|ambient|linkerd]

Fifty workloads a namespace, each with a service account of its own and up to eight callers, and two policies for
each workload:
  sidecars  an ALLOW that names the callers with methods and paths, and a DENY that keeps one namespace from /admin
  network   the same ALLOW, and a NetworkPolicy that lets the callers' pods in
  ambient   an ALLOW that names the callers at the port, for ztunnel, and a DENY that keeps one namespace out
  linkerd   a MeshTLSAuthentication of the callers and an AuthorizationPolicy, at a Server
In the first three every namespace denies by default; without a grant Linkerd's Servers let nobody in.
"""
import argparse
import random

MESHES = ["sidecars", "network", "ambient", "linkerd"]


def head(api, kind, name, namespace, more=""):
    return f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: {name}, namespace: {namespace}{more}}}\n"


def namespace(name, mesh):
    marks = {"ambient": "labels: {istio.io/dataplane-mode: ambient}",
             "linkerd": "annotations: {linkerd.io/inject: enabled}"}.get(mesh, "labels: {istio-injection: enabled}")
    yield f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, {marks}}}\n"
    if mesh != "linkerd":
        yield head("security.istio.io/v1", "AuthorizationPolicy", "allow-nothing", name) + "spec: {}\n"


def workload(space, name):
    return (head("apps/v1", "Deployment", name, space)
            + f"spec:\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n"
            f"    metadata: {{labels: {{app: {name}}}}}\n    spec:\n      serviceAccountName: {name}\n      containers:\n"
            f"      - {{name: app, image: \"registry.example/{name}:1\", ports: [{{name: http, containerPort: 8080}}]}}\n")


def istio(space, name, action, rest, suffix=""):
    return (head("security.istio.io/v1", "AuthorizationPolicy", name + suffix, space)
            + f"spec:\n  action: {action}\n  selector: {{matchLabels: {{app: {name}}}}}\n  rules:\n  - {rest}\n")


def policies(space, name, callers, other, mesh):
    principals = ", ".join(f"cluster.local/ns/{s}/sa/{c}" for s, c in callers)
    if mesh == "linkerd":
        group = "policy.linkerd.io"
        yield (head(f"{group}/v1beta3", "Server", name, space)
               + f"spec:\n  podSelector: {{matchLabels: {{app: {name}}}}}\n  port: http\n  proxyProtocol: HTTP/1\n")
        accounts = ", ".join(f"{{kind: ServiceAccount, name: {c}, namespace: {s}}}" for s, c in callers)
        yield head(f"{group}/v1alpha1", "MeshTLSAuthentication", name, space) + f"spec: {{identityRefs: [{accounts}]}}\n"
        yield (head(f"{group}/v1alpha1", "AuthorizationPolicy", name, space)
               + f"spec:\n  targetRef: {{group: {group}, kind: Server, name: {name}}}\n  requiredAuthenticationRefs:\n"
               f"  - {{group: {group}, kind: MeshTLSAuthentication, name: {name}}}\n")
        return
    operation = ("ports: [\"8080\"]" if mesh == "ambient" else "methods: [GET, POST], paths: [\"/v1/*\", /mcp]")
    yield istio(space, name, "ALLOW",
                f"from: [{{source: {{principals: [{principals}]}}}}]\n    to: [{{operation: {{{operation}}}}}]")
    if mesh == "network":
        peers = ", ".join(f"{{podSelector: {{matchLabels: {{app: {c}}}}}, namespaceSelector: "
                          f"{{matchLabels: {{kubernetes.io/metadata.name: {s}}}}}}}" for s, c in callers)
        yield (head("networking.k8s.io/v1", "NetworkPolicy", name, space)
               + f"spec:\n  podSelector: {{matchLabels: {{app: {name}}}}}\n  policyTypes: [Ingress]\n"
               f"  ingress: [{{from: [{peers}]}}]\n")
    else:
        operation = "" if mesh == "ambient" else "\n    to: [{operation: {paths: [\"/admin/*\"]}}]"
        yield istio(space, name, "DENY", f"from: [{{source: {{namespaces: [{other}]}}}}]{operation}", "-admin")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--workloads", type=int, default=500)
    parser.add_argument("--mesh", choices=MESHES, default=MESHES[0])
    options = parser.parse_args()
    rng = random.Random(20261124)
    names = [(f"team-{i // 50:03d}", f"agent-{i:05d}") for i in range(options.workloads)]
    documents = [text for name in sorted({space for space, _ in names}) for text in namespace(name, options.mesh)]
    for space, name in names:
        documents.append(workload(space, name))
        callers = sorted({rng.choice(names) for _ in range(rng.randrange(1, 9))})
        documents += policies(space, name, callers, rng.choice(names)[0], options.mesh)
    with open(options.file, "w") as file:
        file.write("---\n".join(documents))


if __name__ == "__main__":
    main()
