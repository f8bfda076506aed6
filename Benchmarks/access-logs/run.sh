#!/bin/sh
# Access logs against general engines: run.sh [LINES] [ROUNDS]. MESHAUDIT_BINARY names a built program, PYTHON a
# Python with duckdb and chdb (pip install duckdb chdb); PEERS= leaves them out.
set -eu
cd "$(dirname "$0")"
lines=${1:-2000000} rounds=${2:-5}
binary=${MESHAUDIT_BINARY:-../../.build/release/meshaudit}
python=${PYTHON:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for format in istio-text istio-json; do
  "$python" generate.py "$folder/$format.log" --format "$format" --lines "$lines" --truth "$folder/truth.tsv"
  echo "$format"
  "$python" compare.py "$binary" "$folder/$format.log" "$format" "$folder/truth.tsv" --rounds "$rounds" \
    --peers "${PEERS-duckdb,chdb}"
  rm "$folder/$format.log"
done
