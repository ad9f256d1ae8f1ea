#!/bin/sh
# record_kinds.sh: one run that does a little of everything; the trace tells it
# with the values that the CPU had.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

timeout -s KILL 60 "$TRACE" record --no-program --mem 64M --kernel "$KERNEL" \
    --kernel-arg case=events --calls fault_handler -o "$work/trace" 2>"$work/messages" || failed=1
"$EVENTS" "$work/trace" >"$work/events"

# tells PATTERN: an event matches the regular expression from its beginning.
tells() {
    grep -Eq "^$1" "$work/events" && return
    echo "no event: $1"
    failed=1
}

tells 'start 0 level 0 ring 0: 60000011 0 0 0 '
tells 'cr 0 level 0 ring 0: 80010033 60000011$'
tells 'cr 3 level 0 ring 0: [0-9a-f]+000 0$'
tells 'cr 4 level 0 ring 0: 6a0 0$'
tells 'wrmsr 3221225600 .*: 900$'
tells 'wrmsr 3221225730 .*: 1234$'
tells 'out 128 .*: 55 1$'
tells 'table 0 level 4 '
tells 'table 0 level 1 ring 0: [0-9a-f]+000 40000000 '
tells 'entry-seen 0 level 2 ring 0: [0-9a-f]+ 87 0$'
tells 'entry-write 8 level 3 ring 0: [0-9a-f]+ 0 [0-9a-f]+007 40000000$'
tells 'entry-ad 0 level 1 ring 0: [0-9a-f]+ 2001007 2001067 40000000$'
tells 'transfer 3 level 0 ring 0: .* 8 23 '
tells 'transfer 4 level 0 ring 3: .* 23 8 '
tells 'exception 14 level 0 ring 0: 2 40000000 '
tells 'call [0-9]+ level 0 ring 0: 40000000 2 '
tells 'return [0-9]+ level 0 ring 0: '
tells 'invlpg 0 .*: 40000000$'
tells 'invpcid 2 .*: 5000 0$'
tells 'halt 0 .*: [0-9a-f]*2[0-9a-f][0-9a-f]$'
tells 'interrupt 48 '
tells 'end 1 '
[ "$failed" = 0 ] || cat "$work/messages"
exit $failed
