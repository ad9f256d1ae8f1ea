#!/bin/bash
# One core reads at least 20 million events a second of a recorded trace:
#
#     TRACE=quire-trace speed.sh [OPTION...] PROG
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
timeout -s KILL 250 "$TRACE" record -o "$work/trace" "$@" >"$work/out" 2>"$work/err" || true
tail -n 1 "$work/err"
grep -q '^quire: recorded .*: finished' "$work/err"
timeout -s KILL 100 "$TRACE" bench "$work/trace" 20
