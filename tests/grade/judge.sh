#!/bin/sh
# The judge on files that no recorder has written: a real recording that was cut or changed,
# and whole ones that mean nothing. It never crashes; what it cannot read it says so of, in
# one line; what it can read and does not like fails with a line for each check.
#
#     judge.sh JUDGE RECORD KERNEL PROGRAM RANDOM
set -eu

judge=$1 record=$2 kernel=$3 program=$4 random=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

fail() {
    cat "$work/err" "$work/verdict"
    echo "FAILED: $*"
    exit 1
}

# judge_file WHAT FILTER: the file is judged, and the filter is true of the outcome.
judge_file() {
    timeout -k 5 120 "$judge" 7 cow "$work/file" "$kernel" "$program" \
        >"$work/verdict" 2>"$work/err" || fail "$1: status $?"
    [ ! -s "$work/err" ] || fail "$1: it complains"
    jq -e "def line: type == \"string\" and length > 0 and (contains(\"\\n\") | not); $2" \
        "$work/verdict" >"$work/answer" || fail "$1: not $2"
}
readable='(.checks | length > 5 and all(.[]; .passed or (.text | line)))'

"$record" record --kernel "$kernel" --user-state --challenge 1 --seed 1 --mem 64M \
    --calls as_clone_cow,pmm_alloc -o "$work/trace" "$program" 6 >"$work/err" 2>&1 || fail recording
cp "$work/trace" "$work/file"
judge_file 'the recording' '.checks | length > 5 and all(.[]; .passed)'

size=$(wc -c <"$work/trace")
step=$((size / 17))
at=5
while [ "$at" -lt "$size" ]; do
    head -c "$at" "$work/trace" >"$work/file"
    judge_file "cut at $at" '.error | line'
    cp "$work/trace" "$work/file"
    printf '\377' | dd of="$work/file" bs=1 seek="$at" conv=notrunc 2>/dev/null
    judge_file "changed at $at" "(.error | line) or ($readable)"
    at=$((at + step))
done
: >"$work/file"
judge_file 'an empty file' '.error | line'

for seed in $(seq 1 20); do
    "$random" "$work/file" "$seed" end
    judge_file "random, seed $seed" ".failed and $readable"
done
