#!/usr/bin/env python3
"""Times meshaudit summarize against wc and general engines on the same log, one after another in turns.

compare.py MESHAUDIT LOG FORMAT TRUTH [--rounds N] [--peers duckdb,chdb]

Prints the median wall and processor time and the greatest peak memory of each; stops when a result differs
from the truth.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter

parser = argparse.ArgumentParser()
parser.add_argument("meshaudit")
parser.add_argument("log")
parser.add_argument("format")
parser.add_argument("truth")
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--peers", default="duckdb,chdb")
options = parser.parse_args()
here = os.path.dirname(os.path.abspath(__file__))
folder = tempfile.mkdtemp()
summary, groups = f"{folder}/summary.jsonl", f"{folder}/groups.tsv"
commands = {
    "wc -l": ["wc", "-l", options.log],
    "meshaudit summarize": [options.meshaudit, "summarize", options.log, "--out", summary, "--quiet"],
    "meshaudit summarize --no-digests":
        [options.meshaudit, "summarize", options.log, "--out", summary, "--quiet", "--no-digests"],
}
for peer in filter(None, options.peers.split(",")):
    commands[peer] = [sys.executable, f"{here}/peers.py", peer, options.format, options.log, groups]

truth = Counter()
for line in open(options.truth):
    address, authority, method, segments, code, count = line.rstrip("\n").split("\t")
    truth[(address, authority.split(":")[0], method, segments, f"{int(code) // 100}xx")] += int(count)


def check(name):
    if name.startswith("meshaudit"):
        found = Counter()
        for line in open(summary):
            record = json.loads(line)
            if "count" in record:
                source = record.get("source", {}).get("host")
                segments = "/".join(record["path"].split("/")[:3])
                key = (source, record["destination"]["host"], record["method"], segments, record["response"])
                found[key] += record["count"]
        if not any(key[0] for key in found):
            # Client-side lines name their caller only to manifests.
            expected = Counter()
            for (_, *group), count in truth.items():
                expected[(None, *group)] += count
            return found == expected
        return found == truth
    if name.startswith("wc"):
        return True
    return open(groups).read() == open(options.truth).read()


times = {name: [] for name in commands}
for _ in range(options.rounds):
    for name, command in commands.items():
        begin = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        if status != 0 or not check(name):
            sys.exit(f"{name}: status {status}, or its result is not the truth")
        times[name].append((wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024))
print(f"{os.path.getsize(options.log) / 1e6:.0f} MB, {sum(truth.values())} lines, load {os.getloadavg()[0]:.1f}")
for name, runs in times.items():
    wall, cpu = (statistics.median(run[i] for run in runs) for i in (0, 1))
    print(f"{name:34} {wall:7.2f} s wall {cpu:7.2f} s cpu {max(run[2] for run in runs):7.0f} MB peak")
