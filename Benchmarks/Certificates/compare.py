#!/usr/bin/env python3
"""Time and peak memory of reading and auditing certificates, and of peers on the same files.

    compare.py MESHAUDIT READING FOLDER COUNT... [--rounds N]

In turns, so that a load of the machine meets all alike; the median of the rounds. Processor time is that of the
process and its children (user and system); every program runs on the core that `taskset` gives it, but the audit.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def run(command, accepted=(0,)):
    begin, process = time.monotonic(), subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    message = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = code = os.waitstatus_to_exitcode(status)
    if code not in accepted:
        sys.exit(f"{command} ended with {code}: {message.decode()[-400:]}")
    return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def commands(options, count):
    file = os.path.join(options.folder, f"{count}.pem")
    work = os.path.join(options.folder, "work")
    one_core = ["taskset", "-c", "0"]
    audit = [options.meshaudit, "audit", file, "--as-of", "2026-11-20T06:00:00Z", "--database", work + "/a.sqlite",
             "--output", work + "/report", "--quiet"]
    yield "meshaudit: facts", one_core + [options.reading, file, "read"], (0,)
    yield "meshaudit: facts and chains", one_core + [options.reading, file, "chains"], (0,)
    yield "meshaudit audit: store, rules, reports", audit, (1, 2)
    if count == options.counts[-1]:
        peer = [sys.executable, os.path.join(HERE, "peer.py"), file]
        yield "cryptography: load", one_core + peer + ["load"], (0,)
        yield "cryptography: facts", one_core + peer + ["facts"], (0,)
        yield "openssl storeutl -noout -certs", one_core + ["openssl", "storeutl", "-noout", "-certs", file], (0,)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("meshaudit")
    parser.add_argument("reading")
    parser.add_argument("folder")
    parser.add_argument("counts", type=int, nargs="+")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print("load at the start:", " ".join(f"{n:.1f}" for n in os.getloadavg()))
    for count in options.counts:
        figures = {}
        for _ in range(options.rounds):
            for name, command, accepted in commands(options, count):
                shutil.rmtree(os.path.join(options.folder, "work"), ignore_errors=True)
                os.makedirs(os.path.join(options.folder, "work"))
                figures.setdefault(name, []).append(run(command, accepted))
        print(f"{count:,} certificates, {os.path.getsize(os.path.join(options.folder, f'{count}.pem')) / 1e6:.0f} MB")
        for name, rounds in figures.items():
            wall, cpu, memory = (statistics.median(column) for column in zip(*rounds))
            print(f"  {name:40} {wall:7.2f} s wall {cpu:7.2f} s processor {memory:7.0f} MB "
                  f"{count / cpu:9,.0f} a second")


if __name__ == "__main__":
    main()
