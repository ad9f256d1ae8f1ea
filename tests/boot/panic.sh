#!/bin/sh
# Break the kernel on purpose: the report must hold every line of expected/KIND,
# extended regular expressions, in that order; STATUS is the runner's.
#
#     panic.sh PROGRAM KIND STATUS [OPTION...]
set -eu

here=$(cd "$(dirname "$0")" && pwd)
program=$1 kind=$2 wanted=$3
shift 3
runner=${QUIRE_RUN:?names the runner}
report=$(mktemp "${TMPDIR:-/tmp}/quire-panic-XXXXXX")
trap 'rm -f "$report"' EXIT
trap 'exit 1' HUP INT TERM

status=0
"$runner" --timeout 60 --log --kernel-arg "crash=$kind" "$@" "$program" \
    </dev/null >/dev/null 2>"$report" || status=$?
cat "$report"
if [ "$status" -ne "$wanted" ]; then
    echo "FAILED: exit status $status, not $wanted"
    exit 1
fi
awk 'NR == FNR { want[++count] = $0; next }
    next_one < count && $0 ~ want[next_one + 1] { next_one++ }
    END {
        if (next_one < count) {
            print "FAILED: no line (any more) like: " want[next_one + 1]
            exit 1
        }
    }' "$here/expected/$kind" "$report"
