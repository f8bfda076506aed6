#!/usr/bin/env python3
"""Write an Istio mesh of a given size for the access graph, the same bytes every time.

    generate.py FILE --workloads 5000

Fifty workloads a namespace, each with a service account of its own, and two policies for each workload: an ALLOW
that names up to eight callers with methods and paths, and a DENY that keeps one namespace from /admin. Every
namespace denies by default.
"""
import argparse
import random


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--workloads", type=int, default=500)
    options = parser.parse_args()
    rng = random.Random(20261124)
    names = [(f"team-{i // 50:03d}", f"agent-{i:05d}") for i in range(options.workloads)]
    documents = []
    for namespace in sorted({namespace for namespace, _ in names}):
        documents.append(f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {namespace}, "
                         "labels: {istio-injection: enabled}}\n")
        documents.append("apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n"
                         f"metadata: {{name: allow-nothing, namespace: {namespace}}}\nspec: {{}}\n")
    for namespace, name in names:
        documents.append(
            f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, namespace: {namespace}}}\nspec:\n"
            f"  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n"
            f"    spec:\n      serviceAccountName: {name}\n      containers:\n"
            f"      - {{name: app, image: \"registry.example/{name}:1\", ports: [{{name: http, containerPort: 8080}}]}}\n")
        callers = sorted({rng.choice(names) for _ in range(rng.randrange(1, 9))})
        principals = "".join(f"\n        - cluster.local/ns/{space}/sa/{caller}" for space, caller in callers)
        documents.append(
            "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n"
            f"metadata: {{name: {name}, namespace: {namespace}}}\nspec:\n"
            f"  selector: {{matchLabels: {{app: {name}}}}}\n  rules:\n  - from:\n    - source:\n        principals:"
            f"{principals}\n    to: [{{operation: {{methods: [GET, POST], paths: [\"/v1/*\", /mcp]}}}}]\n")
        documents.append(
            "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n"
            f"metadata: {{name: {name}-admin, namespace: {namespace}}}\nspec:\n  action: DENY\n"
            f"  selector: {{matchLabels: {{app: {name}}}}}\n  rules:\n"
            f"  - from: [{{source: {{namespaces: [{rng.choice(names)[0]}]}}}}]\n"
            "    to: [{operation: {paths: [\"/admin/*\"]}}]\n")
    with open(options.file, "w") as file:
        file.write("---\n".join(documents))


if __name__ == "__main__":
    main()
