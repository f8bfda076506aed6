#!/usr/bin/env python3
"""Writes an access log of Istio's default text or JSON format as client proxies write it, bare, in Docker's JSON
records or in exports of OpenTelemetry, and the exact groups in it.

generate.py LOG --format istio-text|istio-json [--in docker|otlp] --lines N [--workloads N] [--seed N] --truth FILE

The same arguments give the same bytes. The truth is one line a group: source address, authority, method,
first two segments of the path, response code, count, separated by tabs.
"""
import argparse
import json
import random
from collections import Counter
from datetime import datetime, timedelta, timezone

parser = argparse.ArgumentParser()
parser.add_argument("log")
parser.add_argument("--format", choices=["istio-text", "istio-json"], default="istio-text")
parser.add_argument("--in", dest="wrapper", choices=["docker", "otlp"])
parser.add_argument("--lines", type=int, default=1_000_000)
parser.add_argument("--workloads", type=int, default=300)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--truth", required=True)
options = parser.parse_args()

chance = random.Random(options.seed)
routes = ["/v1/search", "/v1/plans", "/v1/embeddings", "/v1/chat/completions", "/api/tools", "/api/documents"]
edges = []
for source in range(options.workloads):
    for target in chance.sample(range(options.workloads), min(5, options.workloads)):
        edges.append((f"10.{source // 250}.{source % 250}.7", target, chance.sample(routes, 2)))
codes = [200] * 94 + [404] * 2 + [403] * 2 + [503] * 2
truth = Counter()
start = datetime(2026, 11, 24, tzinfo=timezone.utc)


class Wrapper:
    """Puts around each line what collects it: a record, or one of the hundred of an export."""

    def __init__(self, file):
        self.file = file
        self.records = []

    def write(self, line):
        if options.wrapper == "docker":
            record = {"log": line, "stream": "stdout", "time": "2026-11-24T00:00:00.123456789Z"}
            self.file.write(json.dumps(record, separators=(",", ":")) + "\n")
        elif options.wrapper == "otlp":
            self.records.append({"timeUnixNano": "1795478400000000000", "body": {"stringValue": line}})
            if len(self.records) == 100:
                self.flush()
        else:
            self.file.write(line)

    def flush(self):
        if self.records:
            resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "proxies"}}]}
            scope = {"scope": {}, "logRecords": self.records}
            export = {"resourceLogs": [{"resource": resource, "scopeLogs": [scope]}]}
            self.file.write(json.dumps(export, separators=(",", ":")) + "\n")
            self.records = []


with open(options.log, "w", buffering=1 << 20) as file:
    log = Wrapper(file)
    for number in range(options.lines):
        address, target, paths = edges[int(chance.random() ** 2 * len(edges))]
        path = paths[number & 1]
        method = "POST" if number % 3 else "GET"
        code = codes[chance.randrange(100)]
        full = f"{path}/{chance.randrange(10**6)}?q={chance.randrange(10**4)}"
        time = (start + timedelta(milliseconds=number * 7 % 86_000_000)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        host = f"svc-{target}.ns-{target % 20}.svc.cluster.local"
        pod = f"10.{200 + target // 250}.{target % 250}.9:8080"
        duration = chance.randrange(1, 900)
        identifier = f"{chance.getrandbits(128):032x}"
        identifier = "-".join([identifier[:8], identifier[8:12], identifier[12:16], identifier[16:20], identifier[20:]])
        segments = "/".join(path.split("/")[:3])
        truth[(address, f"{host}:8080", method, segments, code)] += 1
        if options.format == "istio-text":
            log.write(
                f'[{time}] "{method} {full} HTTP/1.1" {code} - via_upstream - "-" 120 {duration * 7} {duration} '
                f'{duration - 1} "-" "agent/2.1 (python)" "{identifier}" "{host}:8080" "{pod}" '
                f"outbound|8080||{host} {address}:41000 {pod} {address}:52000 - default\n")
        else:
            log.write(json.dumps({
                "authority": f"{host}:8080", "bytes_received": 120, "bytes_sent": duration * 7,
                "connection_termination_details": None, "downstream_local_address": pod,
                "downstream_remote_address": f"{address}:52000", "duration": duration, "method": method,
                "path": full, "protocol": "HTTP/1.1", "request_id": identifier, "requested_server_name": None,
                "response_code": code, "response_code_details": "via_upstream", "response_flags": "-",
                "route_name": "default", "start_time": time, "upstream_cluster": f"outbound|8080||{host}",
                "upstream_host": pod, "upstream_local_address": f"{address}:41000",
                "upstream_service_time": str(duration - 1), "upstream_transport_failure_reason": None,
                "user_agent": "agent/2.1 (python)", "x_forwarded_for": None}, separators=(",", ":")) + "\n")
    log.flush()
with open(options.truth, "w") as file:
    for key, count in sorted(truth.items()):
        file.write("\t".join(map(str, key)) + f"\t{count}\n")
