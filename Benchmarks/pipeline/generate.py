#!/usr/bin/env python3
"""Write a mesh of a given size and a day of its access logs, the same bytes every time.

    generate.py FOLDER --manifests 1000 --lines 100000

A twentieth of the resources are namespaces and their default denials; the rest are workloads of five
resources each: ServiceAccount, Deployment, Service, AuthorizationPolicy, Pod. Each workload calls up to
eight others, popular ones more often, and its policy names its callers. One file a resource; one gzip
log a namespace, inbound lines in Istio's default text format.
"""
import argparse
import gzip
import json
import os
import random

PATHS = [("GET", "/v1/search?q=eu+ai+act"), ("GET", "/v1/documents/%d"), ("POST", "/v1/documents"),
         ("POST", "/v1/chat/completions"), ("GET", "/v1/agents/%d/memory"), ("POST", "/mcp")]
OUTCOMES = [(96, 200, "via_upstream"), (2, 404, "via_upstream"),
            (1, 403, "rbac_access_denied_matched_policy[none]"), (1, 500, "via_upstream")]


def resource(api, kind, namespace, name, **rest):
    metadata = {"name": name} if namespace is None else {"name": name, "namespace": namespace}
    return {"apiVersion": api, "kind": kind, "metadata": metadata, **rest}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--manifests", type=int, default=1000)
    parser.add_argument("--lines", type=int, default=100_000)
    options = parser.parse_args()
    rng = random.Random(20261124)
    namespace_count = max(options.manifests // 50, 1)
    count = (options.manifests - 2 * namespace_count) // 5
    names = [(f"team-{i % namespace_count:03d}", f"agent-{i:05d}", f"10.{1 + i // 62500}.{i // 250 % 250}.{2 + i % 250}")
             for i in range(count)]
    popularity = [1 / (i + 1) for i in range(count)]
    callers = {i: set() for i in range(count)}
    for source in range(count):
        for target in rng.choices(range(count), popularity, k=rng.randrange(1, 9)):
            if target != source:
                callers[target].add(source)

    resources = []
    for i in range(namespace_count):
        namespace = f"team-{i:03d}"
        item = resource("v1", "Namespace", None, namespace)
        item["metadata"]["labels"] = {"istio-injection": "enabled"}
        resources.append(item)
        resources.append(resource("security.istio.io/v1", "AuthorizationPolicy", namespace, "allow-nothing", spec={}))
    for i, (namespace, name, address) in enumerate(names):
        labels = {"app": name}
        pod = {"serviceAccountName": name,
               "containers": [{"name": "app", "image": f"registry.example/{name}:1", "ports": [{"containerPort": 8080}]}]}
        resources.append(resource("v1", "ServiceAccount", namespace, name))
        resources.append(resource("apps/v1", "Deployment", namespace, name, spec={
            "replicas": 1, "selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": pod}}))
        resources.append(resource("v1", "Service", namespace, name, spec={
            "selector": labels, "ports": [{"name": "http", "port": 8080}]}))
        principals = [f"cluster.local/ns/{names[c][0]}/sa/{names[c][1]}" for c in sorted(callers[i])]
        rules = [{"from": [{"source": {"principals": principals}}],
                  "to": [{"operation": {"methods": ["GET", "POST"], "paths": ["/v1/*", "/mcp"]}}]}]
        resources.append(resource("security.istio.io/v1", "AuthorizationPolicy", namespace, name, spec={
            "selector": {"matchLabels": labels}, "rules": rules if principals else []}))
        item = resource("v1", "Pod", namespace, f"{name}-7d9f8c6b5d-x2x4z", spec=pod, status={"podIP": address})
        item["metadata"]["labels"] = {**labels, "pod-template-hash": "7d9f8c6b5d"}
        item["metadata"]["ownerReferences"] = [
            {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": f"{name}-7d9f8c6b5d", "controller": True}]
        resources.append(item)

    folder = os.path.join(options.folder, "manifests")
    os.makedirs(folder, exist_ok=True)
    for i, item in enumerate(resources):
        with open(os.path.join(folder, f"{i:06d}.yaml"), "w") as file:
            json.dump(item, file, indent=1)  # JSON is YAML
    write_logs(options, rng, names, callers, popularity)
    print(f"{len(resources)} resources, {count} workloads, {sum(map(len, callers.values()))} edges, {options.lines} lines")


def write_logs(options, rng, names, callers, popularity):
    edges = [(s, t) for t in callers for s in sorted(callers[t])]
    weights = [popularity[t] / (1 + rng.random() * 20) for _, t in edges]
    lines = {}
    outcomes, shares = [o[1:] for o in OUTCOMES], [o[0] for o in OUTCOMES]
    picked = rng.choices(edges, weights, k=options.lines)
    results = rng.choices(outcomes, shares, k=options.lines)
    for i, ((source, target), (code, details)) in enumerate(zip(picked, results)):
        namespace, name, address = names[target]
        method, path = PATHS[rng.randrange(len(PATHS))]
        path = path % rng.randrange(100_000) if "%" in path else path
        second = i * 86_400 // options.lines
        time = f"2026-11-19T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}.{i % 1000:03d}Z"
        lines.setdefault(namespace, []).append(
            f'[{time}] "{method} {path} HTTP/1.1" {code} - {details} - "-" {i % 900} {i % 7000} {i % 90} {i % 90} "-" '
            f'"agent-sdk/1.4" "{i:08x}-0000-4000-8000-{i:012x}" "{name}.{namespace}:8080" "{address}:8080" '
            f'inbound|8080|| 127.0.0.6:{20000 + i % 40000} {address}:8080 {names[source][2]}:{20000 + i % 40000} '
            f'outbound_.8080_._.{name}.{namespace}.svc.cluster.local default\n')
    folder = os.path.join(options.folder, "logs")
    os.makedirs(folder, exist_ok=True)
    for namespace, text in sorted(lines.items()):
        with open(os.path.join(folder, f"{namespace}.log.gz"), "wb") as file:
            with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as stream:
                stream.write("".join(text).encode())


if __name__ == "__main__":
    main()
