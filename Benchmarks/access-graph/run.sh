#!/bin/sh
# Time and peak memory of the access graph as the mesh grows; needs python3 and GNU time.
#   run.sh [workloads…]        default: 500 1000 2000 5000
# MESHES names others than all four; COMMAND=audit measures a whole audit in place of `access`.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=${MESHAUDIT:-$here/../../.build/release/meshaudit}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for mesh in ${MESHES:-sidecars network ambient linkerd}; do
  for count in ${*:-500 1000 2000 5000}; do
    python3 "$here/generate.py" "$folder/mesh.yaml" --workloads "$count" --mesh "$mesh"
    format="$mesh, $count workloads, $((2 * count)) policies: %e s, processor %U + %S s, peak %M KiB"
    if [ "${COMMAND:-access}" = audit ]; then
      rm -f "$folder"/audit.sqlite*
      /usr/bin/time -f "$format" "$program" audit "$folder/mesh.yaml" --database "$folder/audit.sqlite" \
        --as-of 2026-11-20T06:00:00Z --output "$folder/report" --quiet > /dev/null 2> "$folder/log" || true
      tail -1 "$folder/log"
      echo "  database $(wc -c < "$folder/audit.sqlite") bytes"
    else
      /usr/bin/time -f "$format" "$program" access "$folder/mesh.yaml" --format csv \
        > "$folder/edges" 2> "$folder/log" || true
      tail -1 "$folder/log"
      echo "  $(wc -l < "$folder/edges") lines, $(wc -c < "$folder/edges") bytes"
    fi
  done
done
