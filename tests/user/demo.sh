#!/bin/sh
# The default demo, as booted by the options given: its whole text, with N for
# each frame number and count of free frames, must be that of expected/demo.out.
#
#     demo.sh [OPTION...]
set -eu

here=$(cd "$(dirname "$0")" && pwd)
runner=${QUIRE_RUN:-$here/../../build/host/tools/run/quire-run}
seen=$(mktemp "${TMPDIR:-/tmp}/quire-demo-XXXXXX")
trap 'rm -f "$seen"' EXIT
trap 'exit 1' HUP INT TERM

status=0
"$runner" --timeout 60 "$@" </dev/null >"$seen" || status=$?
sed -E -e 's/ *(\*?)[0-9a-f]+ x([0-9])/ \1N x\2/g' \
    -e 's/(before|after): [0-9]+/\1: N/g' "$seen" |
    diff -u "$here/expected/demo.out" -
[ "$status" -eq 0 ] || {
    echo "exit status $status" >&2
    exit 1
}
