#!/usr/bin/env python3
"""Compares what meshaudit says of a generated log with what the generator counted while it wrote it.

check_truth.py MESHAUDIT LOG TRUTH

TRUTH is one line a group, separated by tabs: caller and called as namespace/workload, method, path template with `{}` for
identifiers, response code, count. The callers are compared where the log's format has identities. Each group
must be there with exactly its count, and nothing else; exits 1 otherwise.
"""
import json
import subprocess
import sys
from collections import Counter

meshaudit, log, truth = sys.argv[1:4]


def workload(party):
    principal = party.get("principal", "")
    if principal.startswith("spiffe://"):
        parts = principal.split("/")
        return f"{parts[4]}/{parts[6]}"
    name = (principal or party.get("host", "")).split(".")
    return f"{name[1]}/{name[0]}" if len(name) > 1 else ""


process = subprocess.Popen(
    [meshaudit, "summarize", log, "--out", "-", "--quiet", "--no-pairs", "--addresses", "omit"], stdout=subprocess.PIPE, text=True)
found = Counter()
lines = {}
for text in process.stdout:
    record = json.loads(text)
    lines = record.get("lines", lines) if "schema" in record else lines
    if "count" in record:
        source = record.get("source", {})
        caller = workload(source) if "principal" in source else ""
        key = (caller, workload(record["destination"]), record["method"], record["path"], record["response"])
        found[key] += record["count"]
if process.wait() != 0:
    sys.exit(f"summarize failed on {log}")

hasCallers = any(key[0] for key in found)
expected = Counter()
for text in open(truth):
    caller, called, method, path, code, count = text.rstrip("\n").split("\t")
    response = "none" if code == "0" else f"{code[0]}xx"
    expected[(caller if hasCallers else "", called, method, path.replace("{}", "{id}"), response)] += int(count)
for key in sorted(found.keys() | expected.keys()):
    if found[key] != expected[key]:
        print("\t".join(key), f"expected {expected[key]}, found {found[key]}")
total = sum(expected.values())
print(f"{total} lines, {len(expected)} groups, {'equal' if found == expected else 'different'}; {lines}")
sys.exit(0 if found == expected and lines.get("read") == total else 1)
