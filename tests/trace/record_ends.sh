#!/bin/sh
# record_ends.sh: a recording ends at each limit with its own status, and the
# file is whole; at a limit by ticks or events it is the same every time.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# ends STATUS END CASE OPTION...: the last event is END with this reason.
ends() {
    want=$1 reason=$2 case=$3
    shift 3
    timeout -s KILL 60 "$TRACE" record --no-program --mem 64M --kernel "$KERNEL" \
        --kernel-arg "case=$case" -o "$work/trace" "$@" 2>"$work/messages" >/dev/null
    got=$?
    last=$("$EVENTS" "$work/trace" | tail -n 1)
    [ "$got" = "$want" ] && case $last in "end $reason "*) return ;; esac
    echo "$case $*: status $got, not $want; last event: $last"
    cat "$work/messages"
    failed=1
}

# same CASE OPTION...: twice the same bytes.
same() {
    "$TRACE" record --no-program --mem 64M --kernel "$KERNEL" --kernel-arg "case=$1" \
        -o "$work/again" "$2" "$3" >/dev/null 2>&1
    cmp "$work/trace" "$work/again" || failed=1
}

ends 117 3 loop --max-ticks 1000000
same loop --max-ticks 1000000
ends 117 3 flood --max-ticks 100000
ends 118 4 flood --max-events 5000
same flood --max-events 5000
ends 124 7 loop --timeout 2
"$EVENTS" "$work/trace" sample branch | grep -q '^branch' || {
    echo 'no last branches'
    failed=1
}

# A signal to the recorder, too, leaves a whole file.
timeout -s KILL 60 "$TRACE" record --no-program --mem 64M --kernel "$KERNEL" \
    --kernel-arg case=loop -o "$work/trace" >/dev/null 2>"$work/messages" &
pid=$!
sleep 2
tracer=$(pgrep -P "$pid" quire-trace)
kill -TERM "$tracer"
wait "$pid"
got=$?
last=$("$EVENTS" "$work/trace" | tail -n 1)
case "$got $last" in
'143 end 7 '*) ;;
*)
    echo "SIGTERM: status $got, last event: $last"
    cat "$work/messages"
    failed=1
    ;;
esac
exit $failed
