#!/bin/sh
# out_values.sh: what pmm_alloc leaves where its second argument points to: a frame,
# told between its call and its return, one for each that succeeds.
#
#     TRACE=quire-trace EVENTS=record_events QUIRE=kernel PROGRAM=witness
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

timeout -s KILL 60 "$TRACE" record --kernel "$QUIRE" --calls pmm_alloc@2,pmm_free -o "$work/trace" \
    "$PROGRAM" honest >/dev/null 2>"$work/messages"
"$EVENTS" "$work/trace" call out-value return >"$work/events"
# The place of its name in the list of calls.
alloc=$("$TRACE" stat "$work/trace" | sed -n 's/^ *calls=//p' | tr , '\n' | grep -nx pmm_alloc)
alloc=$((${alloc%%:*} - 1))
# Fields: kind what "level" L "ring" R: values from 7 on.
awk -v alloc="$alloc" '
$1 == "call" && $2 == alloc { wanted = $8 }
$1 == "out-value" {
    if ($8 != wanted || $7 !~ /000$/ || $7 == "0") print "bad: " $0, wrong++
    values++; told = 1
}
$1 == "return" && $2 == alloc { if (!told) { print "missing: " $0; wrong++ } told = 0; returns++ }
END { print values + 0 " values of " returns + 0 " calls"
      exit wrong || values < 50 || values != returns }' "$work/events"

for wrong in pmm_alloc@0 pmm_alloc@7 pmm_alloc@ pmm_alloc@22; do
    if timeout -s KILL 60 "$TRACE" record --kernel "$QUIRE" --calls "$wrong" -o "$work/trace" \
        "$PROGRAM" 2>"$work/messages"; then
        echo "not refused: $wrong"
        exit 1
    fi
    grep -q 'NAME@N' "$work/messages"
done
