"""Writes certificates/, logs/, metrics/, traces/ and pods.json of the samples; the same bytes each time.

    python3 samples/generator/generate.py            # all samples
    python3 samples/generator/generate.py --check    # writes nothing, fails where a file differs

Needs Python 3.11 and PyPI `cryptography` (see mesh_certificates.py). No clock, no network, no
randomness: the platforms are `assist_platform.py` with its week in `traffic.py`, `linkerd_platform.py`
and `mixed_platform.py`.
"""

import argparse
import gzip
import io
import pathlib
import sys

import certificate_year
import linkerd_platform
import mixed_platform
from assist_platform import Variant
from certificates import Inventory
from envoy_lines import default_json_line, json_line, text_line
from observations import observation_files
from pods import pod_list
from traffic import Week

SAMPLES = pathlib.Path(__file__).resolve().parent.parent
NAMES = ["istio-agents", "istio-agents-clean", "linkerd-agents", "linkerd-agents-clean", "mixed-mesh",
         "mixed-mesh-clean", certificate_year.NAME]
# Logs that are kept as they are, and so is text; all others are compressed.
PLAIN = {"oversight/audit-console"}
# Logs that the defective twin keeps in one of Istio's default formats; all others are in the mesh's own.
DEFAULT_FORMATS = {"tools/browser": text_line, "tools/code-runner": default_json_line}
# Logs that come by pod, named as in /var/log/containers; all others come by workload.
BY_POD = {"agents/llm-orchestrator"}


def compressed(data):
    """gzip without name and time, so that the bytes depend on `data` alone."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as file:
        file.write(data)
    return buffer.getvalue()


def log_files(variant, week):
    files = {}
    for key, events in week.events.items():
        if not events:
            continue
        workload = variant.workloads[key]
        line = json_line
        if variant.has_defects:
            line = DEFAULT_FORMATS.get(key, line)
        by_file = {}
        # Envoy writes a line when its request ends.
        for _, pod, event in sorted(events, key=lambda e: (e[0], e[2]["request_id"] or "")):
            name = f"{workload.namespace}_{workload.name}.log"
            if key in BY_POD:
                name = f"{pod}_{workload.namespace}_istio-proxy.log"
            by_file.setdefault(name, []).append(line(event) + "\n")
        for name, lines in by_file.items():
            data = "".join(lines).encode("utf-8")
            if line is text_line or key in PLAIN:
                files[name] = data
            else:
                files[name + ".gz"] = compressed(data)
    return files


def packed(files):
    """Logs, metrics and traces of more than 16 KiB are compressed, the others stay text."""

    def is_packed(path, data):
        return path.startswith(("logs/", "metrics/", "traces/")) and len(data) > 16_384

    return {path + ".gz" if is_packed(path, data) else path:
            compressed(data) if is_packed(path, data) else data for path, data in files.items()}


def sample_files(name):
    """Path below the sample's folder, to bytes."""
    if name.startswith("linkerd-agents"):
        return packed(linkerd_platform.sample_files(name))
    if name.startswith("mixed-mesh"):
        return packed(mixed_platform.sample_files(name))
    if name == certificate_year.NAME:
        return certificate_year.sample_files(name)
    variant = Variant(name)
    files = {"pods.json": pod_list(variant).encode("utf-8")}
    files |= {f"certificates/{k}": v for k, v in Inventory(variant).files.items()}
    week = Week(variant)
    files |= {f"logs/{k}": v for k, v in log_files(variant, week).items()}
    return files | packed(observation_files(variant, week.events))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    stale = []
    for name in NAMES:
        folder = SAMPLES / name
        files = sample_files(name)
        for part in ("certificates", "decisions", "logs", "metrics", "traces"):
            for path in sorted((folder / part).glob("*")):
                if f"{part}/{path.name}" not in files:
                    stale.append(str(path))
                    if not arguments.check:
                        path.unlink()
        for path, data in sorted(files.items()):
            target = folder / path
            if arguments.check:
                if not target.exists() or target.read_bytes() != data:
                    stale.append(str(target))
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        print(f"{name}: {len(files)} files, {sum(map(len, files.values())):,} bytes")
    if arguments.check and stale:
        sys.exit("differs from what the generator writes:\n" + "\n".join(stale))


if __name__ == "__main__":
    main()
