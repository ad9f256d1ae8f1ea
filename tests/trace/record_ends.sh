#!/bin/sh
# record_ends.sh: a recording ends at each limit with its own status, and the
# file is whole; at a limit by ticks or events it is the same every time.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# record CASE OPTION...: sets got, the status, and last, the last event.
record() {
    rm -f "$work/trace"
    timeout -s KILL 60 "$TRACE" record --no-program --mem 64M --kernel "$KERNEL" \
        --kernel-arg "case=$1" -o "$work/trace" "$2" "$3" 2>"$work/messages" >/dev/null
    got=$?
    last=$("$EVENTS" "$work/trace" | tail -n 1)
}

# expect STATUS END WHAT: it ended so, for this reason.
expect() {
    case "$got $last" in "$1 end $2 "*) return ;; esac
    echo "$3: status $got, not $1; last event: $last"
    cat "$work/messages"
    failed=1
}

# ends STATUS END CASE OPTION...
ends() {
    want=$1 reason=$2
    shift 2
    record "$@"
    expect "$want" "$reason" "$*"
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
# A machine under load may need longer to get as far as the loop.
for seconds in 2 8 32; do
    record loop --timeout $seconds
    ! "$EVENTS" "$work/trace" sample branch | grep -q '^branch' || break
done
expect 124 7 "loop --timeout $seconds"
"$EVENTS" "$work/trace" sample branch | grep -q '^branch' || {
    echo 'no last branches'
    failed=1
}

# A signal to the recorder, too, leaves a whole file, from the first event on.
rm -f "$work/trace"
timeout -s KILL 60 "$TRACE" record --no-program --mem 64M --kernel "$KERNEL" \
    --kernel-arg case=loop -o "$work/trace" >/dev/null 2>"$work/messages" &
pid=$!
for _ in $(seq 300); do
    [ ! -s "$work/trace" ] || break
    sleep 0.1
done
sleep 1
kill -TERM "$(pgrep -P "$pid" quire-trace)"
wait "$pid"
got=$?
last=$("$EVENTS" "$work/trace" | tail -n 1)
expect 143 7 SIGTERM
exit $failed
