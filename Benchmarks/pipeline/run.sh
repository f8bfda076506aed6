#!/bin/sh
# Time and peak memory of a whole audit: run.sh [LINES] [MANIFESTS]. MESHAUDIT_BINARY names a built program.
set -eu
cd "$(dirname "$0")/../.."
lines=${1:-100000} manifests=${2:-1000}
binary=${MESHAUDIT_BINARY:-.build/release/meshaudit}
if [ -z "${MESHAUDIT_BINARY:-}" ]; then swift build -c release --product meshaudit; fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 Benchmarks/pipeline/generate.py "$folder/mesh" --lines "$lines" --manifests "$manifests"
for run in first again; do
  code=0
  /usr/bin/time -f "$run: %e s wall, %U s user, %M KiB peak" -- "$binary" audit "$folder/mesh" \
    --as-of 2026-11-20T06:00:00Z --database "$folder/audit.sqlite" --output "$folder/report" \
    --pack least-privilege --quiet || code=$?
  if [ "$code" -gt 2 ]; then exit "$code"; fi
done
du -sk "$folder/audit.sqlite" "$folder/report" | sed "s#$folder/##;s/^/KiB: /"
