#!/bin/sh
# record_places.sh: a tree and a TMPDIR whose paths the loader and Bochs' settings would part in
# two. The path of the recorder in a copy of quire-trace is changed to such a one, as long.
set -u
work=$(mktemp -d)
odd=$(dirname "$TRACE")/"quire trace:preload.so"
trap 'rm -rf "$work" "$odd"' EXIT
trap 'exit 1' HUP INT TERM

ln -sf quire-trace-preload.so "$odd"
sed 's/quire-trace-preload\.so/quire trace:preload.so/' "$TRACE" >"$work/quire-trace"
chmod +x "$work/quire-trace"
mkdir "$work/a b:c,d"

# recorded COMMAND...: a program runs to its end, and there is a trace of it.
recorded() {
    rm -f "$work/trace"
    timeout -s KILL 60 "$@" --kernel "$QUIRE" -o "$work/trace" "$PROGRAMS/hello" >"$work/out" 2>&1
    [ "$(head -c 8 "$work/trace")" = QUIRETR1 ] && grep -q 'finished, the program by exit 42' "$work/out" &&
        return
    echo "not recorded: $*"
    cat "$work/out"
    failed=1
}

failed=0
recorded "$work/quire-trace" record
recorded env TMPDIR="$work/a b:c,d" "$TRACE" record
recorded env TMPDIR="$work/a b:c,d" "$TRACE" record --grub
exit $failed
