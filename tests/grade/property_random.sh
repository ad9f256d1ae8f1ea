#!/bin/sh
# Judge whole files of events that hang together but come from no machine: no crash, no
# sanitizer's report, an end.
#
#     property_random.sh JUDGE GENERATE
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

for events in 1 100 5000 50000; do
    "$2" "$work/trace" "$events" >"$work/out"
    "$1" "$work/trace" none >"$work/verdicts"
done
grep -q '^fail' "$work/verdicts"
