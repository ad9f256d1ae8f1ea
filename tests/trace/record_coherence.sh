#!/bin/sh
# record_coherence.sh CASE STATUS [KIND:WHAT:LEVEL:RING...]: the coherence kernel
# in this case ends with STATUS, its trace tells exactly these stale uses,
# windows and roots that are gone, and its tables are those in RAM at the end.
set -u
case=$1 status=$2 mem=64M
shift 2
[ "$case" != high ] || mem=4352M
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

timeout -s KILL 60 "$TRACE" record --no-program --mem "$mem" --kernel "$KERNEL" \
    --kernel-arg "case=$case" --calls none --ram-dump "$work/ram" -o "$work/trace" \
    2>"$work/messages" >/dev/null
got=$?
if [ "$got" != "$status" ]; then
    echo "$case: exit status $got, not $status"
    cat "$work/messages"
    exit 1
fi
"$CHECK" "$work/trace" "$work/ram" || exit 1

printf '%s\n' "$@" | sed '/^$/d' >"$work/expected"
"$EVENTS" "$work/trace" stale-ideal stale-cpu window table-gone |
    sed '/^table-gone 0 level [123]/d
         s/^\([a-z-]*\) \([0-9]*\) level \([0-9]\) ring \([0-9]\):.*/\1:\2:\3:\4/' >"$work/told"
diff "$work/expected" "$work/told" && exit 0
echo "$case: the trace (>) differs from what must be told (<)"
"$EVENTS" "$work/trace" stale-ideal stale-cpu window table-gone
exit 1
