#!/bin/sh
# record_fault_rip.sh: the rip of a page fault is the faulting instruction's, to which
# the handler returns, also where the fault shows that a translation was forgotten.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

timeout -s KILL 60 "$TRACE" record --no-program --mem 64M --kernel "$KERNEL" \
    --kernel-arg case=forgotten --calls none -o "$work/trace" 2>"$work/messages"
"$EVENTS" "$work/trace" --rip exception transfer stale-ideal >"$work/events"
grep -q ' stale-ideal ' "$work/events"
awk '$2 == "exception" { fault = $1; count++ }
     $2 == "transfer" && $3 == 3 && fault != "" && $9 != fault { print "back to " $9 ", fault at " fault; wrong = 1 }
     END { exit wrong || !count }' "$work/events" || { cat "$work/events" && exit 1; }
