"""Counters of the proxies and traces of the agents, for the samples istio-agents and its twin.

The counters are those of the same week as the logs: what the logs show, read once a day at midnight, and what no
log shows: the canary whose log is switched off.
"""

import json

from assist_platform import DAYS, TRUST_DOMAIN

# The scrapes: at the start of the week and at the end of each day, in seconds.
START = 1_794_528_000  # 2026-11-13T00:00:00Z
SCRAPES = [START + 86_400 * number for number in range(len(DAYS) + 1)]
# Calls of the canary on each day; its proxy logs nothing in the defective twin.
CANARY = [("agents/planner", [14, 8, 7, 15, 16, 14, 13]),
          ("agents/llm-orchestrator", [10, 6, 5, 11, 10, 12, 9])]


def counter_file(variant, events):
    """What Prometheus answers to `istio_requests_total[8d]`: each series with its samples."""
    counts = {}
    for key, lines in events.items():
        workload = variant.workloads[key]
        if workload.gateway:
            continue
        for _, _, event in lines:
            if not (event["upstream_cluster"] or "").startswith("inbound|") or not event["method"]:
                continue
            series = (event["source_principal"], key, event["response_code"],
                      event["response_flags"], event["protocol"] == "HTTP/2")
            days = counts.setdefault(series, [0] * len(DAYS))
            days[DAYS.index(event["start_time"][:10])] += 1
    canary = "models/model-server-v2"
    if variant.has_defects:
        for source, days in CANARY:
            counts[(variant.workloads[source].principal, canary, 200, "-", False)] = days
    result = []
    for (source, key, code, flags, is_grpc), days in sorted(
            counts.items(), key=lambda c: tuple(str(part) for part in c[0])):
        workload = variant.workloads[key]
        namespace, caller = "unknown", "unknown"
        if source:
            caller_key = next((w.key for w in variant.workloads.values() if w.principal == source), "")
            if caller_key:
                namespace, caller = caller_key.split("/")
        total, samples = 4_000 + len(key) * 31, []
        for number, moment in enumerate(SCRAPES):
            if number:
                total += days[number - 1]
            samples.append([moment, str(total)])
        result.append({
            "metric": {
                "__name__": "istio_requests_total", "reporter": "destination",
                "source_workload": caller, "source_workload_namespace": namespace,
                "source_principal": source or "unknown",
                "destination_workload": workload.name,
                "destination_workload_namespace": workload.namespace,
                "destination_principal": workload.principal if source else "unknown",
                "destination_service": f"{workload.app}.{workload.namespace}.svc.cluster.local",
                "destination_service_name": workload.app,
                "destination_service_namespace": workload.namespace,
                "request_protocol": "grpc" if is_grpc else "http",
                "response_code": str(code), "response_flags": flags,
                "connection_security_policy": "mutual_tls" if source else "none",
                "namespace": workload.namespace, "pod": workload.pods[0].name},
            "values": samples})
    return json.dumps(
        {"status": "success", "data": {"resultType": "matrix", "result": result}},
        separators=(",", ":")).replace("},{\"metric\"", "},\n{\"metric\"") + "\n"


def proxy_files(variant):
    """Memory and latency, as `pilot-agent request GET stats/prometheus` prints them."""
    files = {}
    for key, memory, slow in [("agents/planner", 52_428_800, 40), ("models/model-server-v1", 61_341_696, 900)]:
        workload = variant.workloads[key]
        labels = (f'reporter="destination",destination_workload="{workload.name}",'
                  f'destination_workload_namespace="{workload.namespace}"')
        lines = [
            "# TYPE envoy_server_memory_allocated gauge",
            f"envoy_server_memory_allocated{{}} {memory}",
            "# TYPE envoy_server_memory_heap_size gauge",
            f"envoy_server_memory_heap_size{{}} {memory + 20_971_520}",
            "# TYPE istio_request_duration_milliseconds histogram"]
        for bound, part in [(5, 0.05), (10, 0.2), (25, 0.4), (50, 0.6), (100, 0.75), (250, 0.85),
                            (1000, 0.97), (5000, 1.0)]:
            share = min(1.0, part * 40 / slow if bound < slow else part)
            lines.append(f'istio_request_duration_milliseconds_bucket{{{labels},le="{bound}"}} '
                         f"{round(900 * share)}")
        lines.append(f'istio_request_duration_milliseconds_bucket{{{labels},le="+Inf"}} 900')
        files[f"metrics/{workload.pods[0].name}.prom"] = "\n".join(lines) + "\n"
    return files


# Who acts through whom: the path of each trace, and how often it is there.
PATHS = [
    (["tenant-nord/advisor", "agents/llm-orchestrator", "agents/planner", "agents/retriever",
      "data/vector-db-query"], 12),
    (["tenant-nord/advisor", "agents/llm-orchestrator", "agents/planner", "models/model-server-v1"], 9),
    (["tenant-sud/claims-assistant", "agents/llm-orchestrator", "agents/planner", "tools/tool-gateway",
      "tools/browser"], 7),
    (["tenant-sud/claims-assistant", "agents/llm-orchestrator", "agents/planner", "tools/tool-gateway",
      "tools/code-runner"], 4),
]


def trace_file(variant):
    """Traces as the export of Jaeger's page has them: a client's and a server's span of each call."""
    traces = []
    for number, path in enumerate(path for path, count in PATHS for _ in range(count)):
        trace = f"{0x6d65736800000000 + number:032x}"
        start = (START + number * 17_291 % (86_400 * len(DAYS))) * 1_000_000
        spans, processes = [], {}
        parent = ""
        for hop, key in enumerate(path):
            workload = variant.workloads[key]
            process = f"p{hop + 1}"
            processes[process] = {
                "serviceName": f"{workload.app}.{workload.namespace}",
                "tags": [{"key": "k8s.namespace.name", "type": "string", "value": workload.namespace},
                         {"key": "k8s.pod.name", "type": "string", "value": workload.pods[0].name}]}

            def add(kind, name, tags):
                nonlocal parent
                span = f"{number:08x}{len(spans) + 1:08x}"
                references = [{"refType": "CHILD_OF", "traceID": trace, "spanID": parent}] if parent else []
                spans.append({
                    "traceID": trace, "spanID": span, "operationName": name, "references": references,
                    "startTime": start + len(spans) * 1_500, "duration": 90_000 - len(spans) * 4_000,
                    "tags": [{"key": "span.kind", "type": "string", "value": kind}, *tags],
                    "logs": [], "processID": process})
                parent = span

            if hop:
                add("server", f"{workload.app}.{workload.namespace}.svc.cluster.local:8080/*", [
                    {"key": "http.method", "type": "string", "value": "POST"},
                    {"key": "http.status_code", "type": "string", "value": "200"},
                    {"key": "component", "type": "string", "value": "proxy"}])
            # Of the defective twin's agents, planner says nothing of the models that it asks.
            is_agent = key.startswith(("agents/", "tenant-"))
            if is_agent and not (variant.has_defects and key == "agents/planner"):
                add("internal", "chat", [
                    {"key": "gen_ai.operation.name", "type": "string", "value": "chat"},
                    {"key": "gen_ai.request.model", "type": "string", "value": "meridian-2"}])
            if hop + 1 < len(path):
                add("client", "egress", [{"key": "component", "type": "string", "value": "proxy"}])
        traces.append({"traceID": trace, "spans": spans, "processes": processes, "warnings": None})
    return json.dumps({"data": traces, "total": 0, "limit": 0, "offset": 0, "errors": None},
                      separators=(",", ":")).replace("},{\"traceID\":\"0000000000000000", "},\n{\"traceID\":\"0000000000000000") + "\n"


def observation_files(variant, events):
    assert TRUST_DOMAIN in next(iter(variant.workloads.values())).principal
    files = {"metrics/istio_requests_total.json": counter_file(variant, events)}
    files |= proxy_files(variant)
    files["traces/assist.json"] = trace_file(variant)
    return {path: text.encode("utf-8") for path, text in files.items()}
