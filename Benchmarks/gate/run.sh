#!/bin/sh
# Time and peak memory of a gate: run.sh [LINES] [MANIFESTS]. MESHAUDIT_BINARY names a built program.
#
# The head differs in one service account that one policy names.
set -eu
cd "$(dirname "$0")/../.."
lines=${1:-20000} manifests=${2:-1000}
binary=${MESHAUDIT_BINARY:-.build/release/meshaudit}
if [ -z "${MESHAUDIT_BINARY:-}" ]; then swift build -c release --product meshaudit; fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 Benchmarks/pipeline/generate.py "$folder/base" --lines "$lines" --manifests "$manifests"
mv "$folder/base/logs" "$folder/logs"
cp -r "$folder/base" "$folder/head"
changed=$(grep -rl 'principals' "$folder/head" | sort | head -n 1)
sed -i '0,/\/sa\//s//\/sa\/x/' "$changed"
for run in 1 2 3 4 5; do
  code=0
  /usr/bin/time -f "$run: %e s wall, %U s user, %M KiB peak" -- "$binary" gate \
    --base "$folder/base" --head "$folder/head" "$folder/logs" > "$folder/report" || code=$?
  if [ "$code" -gt 2 ]; then exit "$code"; fi
done
grep -E '^(gate|Access|Replay)' "$folder/report"
