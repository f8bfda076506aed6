#!/bin/sh
# Time and peak memory of `meshaudit access` as the mesh grows; needs python3 and GNU time.
#   run.sh [workloads…]        default: 500 1000 2000 5000
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=${MESHAUDIT:-$here/../../.build/release/meshaudit}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for count in ${*:-500 1000 2000 5000}; do
  python3 "$here/generate.py" "$folder/mesh.yaml" --workloads "$count"
  form=csv
  /usr/bin/time -f "$count workloads, $((2 * count)) policies: %e s, processor %U + %S s, peak %M KiB" \
    "$program" access "$folder/mesh.yaml" --format "$form" > "$folder/edges" 2> "$folder/log" || true
  tail -1 "$folder/log"
  echo "  $(wc -l < "$folder/edges") lines of $form, $(wc -c < "$folder/edges") bytes"
done
