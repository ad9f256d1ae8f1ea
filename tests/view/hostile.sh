#!/bin/sh
# The command, compiled with sanitizers, on traces that mean nothing: a page or one of its own
# statuses. Where node is installed, the page's scripts must bear them, too.
#
#     hostile.sh QUIRE-VIEW CLI-RANDOM
set -eu

tool=$1 generator=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# run ARGUMENT...: ends with one of its own statuses, and soon.
run() {
    timeout -s KILL 100 "$tool" "$@" >"$work/out" 2>"$work/err" && status=0 || status=$?
    if [ "$status" -gt 3 ] || grep -qE 'Sanitizer|runtime error' "$work/err"; then
        cat "$work/err"
        echo "FAILED: seed $seed: $* ended with status $status"
        exit 1
    fi
}

for seed in $(seq 1 12); do
    "$generator" "$work/a" "$seed"
    run "$work/a" -o "$work/a.html"
    [ "$status" = 0 ] || { cat "$work/err" && echo "FAILED: seed $seed: no page" && exit 1; }
    run "$work/a" --with "$work/a" --events 1000 -o "$work/b.html"
    run "$work/a" --from 1000 --to 2000 -o "$work/b.html"
    ! command -v node >/dev/null || timeout -s KILL 100 node "$here/hostile.mjs" "$work/a.html" ||
        { echo "FAILED: seed $seed: the page's scripts" && exit 1; }
done
