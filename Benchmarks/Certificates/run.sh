#!/bin/sh
# Certificates from one PEM bundle: run.sh [ROUNDS] [COUNT...]. MESHAUDIT_BINARY names a built program, PYTHON a
# Python with cryptography (43 or later).
set -eu
cd "$(dirname "$0")"
rounds=${1:-3}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- 10000 20000 50000 100000
binary=${MESHAUDIT_BINARY:-../../.build/release/meshaudit}
python=${PYTHON:-python3}
swift build -c release --product CertificateReading >&2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for count in "$@"; do "$python" generate.py "$folder/$count.pem" --certificates "$count"; done
"$python" compare.py "$binary" .build/release/CertificateReading "$folder" "$@" --rounds "$rounds"
