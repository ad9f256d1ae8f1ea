#!/bin/bash
# jitter.sh PROG: the same schedule gives the same trace; different ones interrupt
# the program at different instructions, as often as without; chosen ticks are met.
#
#     TRACE=quire-trace QUIRE=kernel
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

record() {
    timeout -s KILL 60 "$TRACE" record --kernel "$QUIRE" --jitter "$1" -o "$work/$2" \
        "$3" >"$work/$2.out" 2>"$work/messages"
    "$TRACE" show --kind interrupt "$work/$2" | awk '$1 ~ /^[0-9]+$/ { print $1 }' >"$work/$2.all"
    # Ticks of the timer's interrupts in ring 3.
    "$TRACE" show --kind interrupt --ring 3 "$work/$2" |
        sed -n 's/^ *\([0-9]*\) .*interrupt 0x20.*/\1/p' >"$work/$2.ticks"
}
count() { wc -l <"$work/$1.ticks"; }
common() { comm -12 <(sort "$work/$1.ticks") <(sort "$work/$2.ticks") | wc -l; }

record 0 none "$1"
record 1 first "$1"
record 1 again "$1"
record 2 second "$1"
cmp "$work/first" "$work/again"
for run in first second; do
    echo "$run: $(count $run) interrupts in ring 3, $(count none) without; common: $(common none $run)"
    cmp "$work/none.out" "$work/$run.out"
    [ "$(count $run)" -gt $(($(count none) * 9 / 10)) ]
    [ "$(count $run)" -lt $(($(count none) * 11 / 10)) ]
    [ "$(common none $run)" -lt 3 ]
done
[ "$(common first second)" -lt 3 ]

# Without, they are 100,000 instructions apart; with, anything up to two such periods.
awk 'NR > 2 { d = $1 - last; if (d > 200100) wrong++
              if (d < 60000) short++; if (d > 140000) long++ } { last = $1 }
     END { print short + 0, long + 0, wrong + 0
           exit wrong || short < NR / 10 || long < NR / 10 }' "$work/first.all"

# Where the kernel has interrupts off just then, it is as soon as they are on.
record at:10000001,12345678,15000123 at "$1"
for tick in 10000001 12345678 15000123; do
    grep -q -x "$tick" "$work/at.ticks" && exact=1
    awk -v t=$tick '$1 >= t && $1 < t + 2000 { found = 1 } END { exit !found }' "$work/at.all"
done
[ -n "${exact:-}" ]
