#!/bin/sh
# Every reading command, compiled with sanitizers, on traces that mean nothing:
#
#     hostile.sh QUIRE-TRACE CLI-RANDOM
set -eu

tool=$1 generator=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"

# run ARGUMENT...: ends with one of its own statuses, and soon.
run() {
    timeout -s KILL 60 "$tool" "$@" >out 2>err && status=0 || status=$?
    if [ "$status" -gt 3 ] || grep -qE 'Sanitizer|runtime error' err; then
        cat err
        echo "FAILED: seed $seed: $* ended with status $status"
        exit 1
    fi
}

for seed in $(seq 1 25); do
    "$generator" a "$seed"
    "$generator" b $((seed + 1000))
    run show a
    run show --address 0x1000-0xffffffff --ring 0 a
    run stat a
    run walk --tick 2000 a 0x1000
    run walk --cr3 0x1000 a 0xffffffffffffffff
    run autopsy a
    run diff a b
    run diff --calls a a
    run diff --exact a b
    run export --perfetto a -o a.json
    jq -e . a.json >/dev/null || { echo "FAILED: seed $seed: no JSON" && exit 1; }
    rm -rf ctf
    run export --ctf a -o ctf
    babeltrace2 ctf >/dev/null || { echo "FAILED: seed $seed: no CTF" && exit 1; }
done
