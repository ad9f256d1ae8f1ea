#!/bin/bash
# The same machine gives the same trace, byte for byte: twice in a row, and while
# the host is busy with other things.
#
#     TRACE=quire-trace same.sh [OPTION...] PROG
set -eu

work=$(mktemp -d)
busy=()
finish() {
    for pid in "${busy[@]}"; do
        kill "$pid" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap finish EXIT

record() {
    timeout -s KILL 250 "$TRACE" record -o "$work/$1" "${@:2}" >"$work/out" 2>"$work/err" || true
    printf '%s: %s\n' "$1" "$(tail -n 1 "$work/err")"
    grep -q '^quire: recorded .*: finished' "$work/err"
}

record first "$@"
record second "$@"
for ((i = 0; i < 2 * $(nproc); i++)); do
    (while :; do :; done) &
    busy+=($!)
done
record under-load "$@"
cmp "$work/first" "$work/second"
cmp "$work/first" "$work/under-load"
