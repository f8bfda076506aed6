"""`pods.json` as `kubectl get pods -A -o json` prints it."""

import hashlib
import json


def uid(seed):
    digest = hashlib.sha256(seed.encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"


def owner(workload, pod):
    if workload.kind == "StatefulSet":
        kind, name = "StatefulSet", workload.name
    else:
        kind, name = "ReplicaSet", pod.name.rsplit("-", 1)[0]
    return [{"apiVersion": "apps/v1", "blockOwnerDeletion": True, "controller": True, "kind": kind,
             "name": name, "uid": uid(f"{workload.namespace}/{kind}/{name}")}]


def labels(workload, pod):
    result = dict(workload.template_labels)
    if workload.kind == "StatefulSet":
        result["controller-revision-hash"] = f"{workload.name}-{uid(workload.key)[:8]}"
        result["statefulset.kubernetes.io/pod-name"] = pod.name
    else:
        result["pod-template-hash"] = pod.name.split("-")[-2]
    if workload.has_proxy:
        result["security.istio.io/tlsMode"] = "istio"
        result["service.istio.io/canonical-name"] = workload.app
        result["service.istio.io/canonical-revision"] = workload.version
    return result


def containers(workload):
    proxy = {"image": "docker.io/istio/proxyv2:1.29.2", "name": "istio-proxy", "ports": [
        {"containerPort": 15090, "name": "http-envoy-prom", "protocol": "TCP"}],
        "securityContext": {"runAsGroup": 1337, "runAsNonRoot": True, "runAsUser": 1337}}
    if workload.gateway:
        proxy["ports"] = [{"containerPort": workload.port, "name": workload.port_name,
                           "protocol": "TCP"}] + proxy["ports"]
        return [proxy]
    application = {"image": f"registry.meridian.example/assist/{workload.image}:{workload.tag}",
                   "name": workload.app}
    if workload.port:
        application["ports"] = [{"containerPort": workload.port, "name": workload.port_name,
                                 "protocol": "TCP"}]
        if "traffic.sidecar.istio.io/excludeInboundPorts" in workload.annotations:
            application["ports"].append(
                {"containerPort": 9090, "name": "metrics", "protocol": "TCP"})
    return [application] + ([proxy] if workload.has_proxy else [])


def pod_object(workload, pod, index):
    annotations = dict(workload.annotations)
    if workload.has_proxy:
        annotations["istio.io/rev"] = "default"
        annotations["sidecar.istio.io/status"] = json.dumps({
            "containers": ["istio-proxy"], "imagePullSecrets": None, "initContainers":
            None if workload.gateway else ["istio-init"], "revision": "default",
            "volumes": ["workload-socket", "credential-socket", "istio-token"]},
            separators=(",", ":"))
    created = f"2026-11-{1 + index % 12:02d}T{index % 24:02d}:{index * 7 % 60:02d}:12Z"
    metadata = {"creationTimestamp": created, "labels": dict(sorted(labels(workload, pod).items())),
                "name": pod.name, "namespace": workload.namespace,
                "ownerReferences": owner(workload, pod),
                "resourceVersion": str(51200000 + index * 7919),
                "uid": uid(f"{workload.namespace}/{pod.name}")}
    if annotations:
        metadata["annotations"] = dict(sorted(annotations.items()))
    parts = containers(workload)
    spec = {"containers": parts, "nodeName": "worker-" + pod.node.rsplit(".", 1)[1],
            "serviceAccountName": workload.account}
    if workload.has_proxy and not workload.gateway:
        spec["initContainers"] = [{"image": "docker.io/istio/proxyv2:1.29.2", "name": "istio-init"}]
    return {
        "apiVersion": "v1", "kind": "Pod", "metadata": dict(sorted(metadata.items())), "spec": spec,
        "status": {
            "conditions": [{"lastTransitionTime": created, "status": "True", "type": "Ready"}],
            "containerStatuses": [{"name": part["name"], "ready": True, "restartCount": 0}
                                  for part in parts],
            "hostIP": pod.node, "phase": "Running", "podIP": pod.address,
            "podIPs": [{"ip": pod.address}], "qosClass": "Burstable", "startTime": created}}


def pod_list(variant):
    items = []
    for workload in variant.workloads.values():
        for pod in workload.pods:
            items.append(pod_object(workload, pod, len(items)))
    items.sort(key=lambda item: (item["metadata"]["namespace"], item["metadata"]["name"]))
    return json.dumps({"apiVersion": "v1", "items": items, "kind": "List",
                       "metadata": {"resourceVersion": ""}}, indent=1) + "\n"
