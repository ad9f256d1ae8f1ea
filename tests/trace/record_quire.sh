#!/bin/sh
# record_quire.sh PROGRAM...: while they run, Quire uses no stale translation and
# leaves no window open.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

for program; do
    timeout -s KILL 300 "$TRACE" record --kernel "$QUIRE" --calls none -o "$work/trace" \
        "$PROGRAMS/$program" >/dev/null 2>"$work/messages" </dev/null
    grep -q ': finished' "$work/messages" || failed=1
    "$EVENTS" "$work/trace" stale-ideal stale-cpu window >"$work/told"
    echo "$program: $(wc -l <"$work/told") stale uses and windows; $(grep recorded "$work/messages")"
    head -n 5 "$work/told"
    [ ! -s "$work/told" ] || failed=1
done
exit $failed
