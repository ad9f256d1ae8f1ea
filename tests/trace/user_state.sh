#!/bin/sh
# user_state.sh PROG: ring 3 gets its registers back: all of them after a fault or
# an interrupt, the preserved ones after a system call.
#
#     TRACE=quire-trace EVENTS=record_events QUIRE=kernel
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

timeout -s KILL 60 "$TRACE" record --kernel "$QUIRE" --user-state --calls none -o "$work/trace" \
    "$1" >"$work/out" 2>"$work/messages"
"$EVENTS" "$work/trace" cr exception interrupt transfer user-state >"$work/events"

# Fields: kind what "level" L "ring" R: values from 7 on. For each address space, how it was left.
awk '
$1 == "cr" && $2 == 3 { space = $7 }
$1 == "exception" || $1 == "interrupt" { why = "trap" }
$1 == "transfer" && $2 == 1 { why = "call" }
$1 == "user-state" && $2 == 1 {
    how[space] = why; all[space] = $7 " " $8 " " $9 " " $10 " " $11
    kept[space] = $7 " " $10 " " $11; hashes[$7] = 1
    if (why == "call" && $8 == "e7") delete how[space] # exit_group: another has the space next
}
$1 == "user-state" && $2 == 2 && space in how {
    if (how[space] == "trap" ? all[space] != $7 " " $8 " " $9 " " $10 " " $11 \
                             : kept[space] != $7 " " $10 " " $11)
        print "differs: " how[space] " " all[space] " / " $0, wrong++
    good[how[space]]++; delete how[space]
}
END {
    for (h in hashes) different++
    print good["trap"] + 0 " traps, " good["call"] + 0 " calls, " different " states, " wrong + 0 " wrong"
    exit wrong || good["trap"] < 20 || good["call"] < 10 || different < 10
}' "$work/events"
