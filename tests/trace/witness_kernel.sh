#!/bin/sh
# witness_kernel.sh CASE EVENT...: a kernel that forges, in this case, and what the
# recorder says of it: "kind what value" for each challenge and witness.
#
#     TRACE=quire-trace EVENTS=record_events KERNEL=coherence PROGRAM=witness
set -u
case=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

timeout -s KILL 60 "$TRACE" record --kernel "$KERNEL" --kernel-arg "case=$case" --mem 64M \
    --challenge 7 --calls none --archive "$PROGRAM" -o "$work/trace" "$PROGRAM" \
    >/dev/null 2>"$work/messages"
"$EVENTS" "$work/trace" challenge witness >"$work/events"
printf '%s\n' "$@" >"$work/wanted"
sed 's/^\([a-z]*\) \([0-9]\) level 0 ring \([0-9]\): \([0-9a-f]*\) .*/\1:\2:\3:\4/' \
    "$work/events" >"$work/got"
diff "$work/wanted" "$work/got" && exit 0
cat "$work/events" "$work/messages"
exit 1
