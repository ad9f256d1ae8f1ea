#!/bin/sh
# witness.sh MODE: what the recorder says of a program that reports honestly, or
# forges; the numbers that it is given are those of the key.
#
#     TRACE=quire-trace EVENTS=record_events VALUE=challenge_value QUIRE=kernel PROGRAM=witness
set -u
mode=$1
key=81985529216486895
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

timeout -s KILL 100 "$TRACE" record --kernel "$QUIRE" --challenge "$key" -o "$work/trace" \
    "$PROGRAM" "$mode" >"$work/out" 2>"$work/messages"
"$EVENTS" "$work/trace" challenge witness >"$work/events"

# seen LINE...: these are the events, but for what stands behind the arguments.
seen() {
    for line in "$@"; do
        printf '%s\n' "$line"
    done >"$work/wanted"
    # Of a challenge id and value count, of a witness step and value.
    awk '{ print $1, $2, $6, $7, $8 }' "$work/events" | sed 's/3: //' >"$work/got"
    diff "$work/wanted" "$work/got" || failed=1
}

# c ID: the number for it; x STEP: what the program makes of those for STEP and 2.
c() { "$VALUE" "$key" "$1"; }
x() { "$VALUE" "$key" "$1" 2; }

case $mode in
honest)
    seen "challenge 0 1 $(c 1)" "challenge 0 2 $(c 2)" "witness 0 1 $(c 2)" "witness 0 2 $(c 1)"
    ;;
patched)
    # What follows a changed byte is given nothing: lab_challenge returns its id.
    seen "challenge 0 1 $(c 1)" "challenge 0 2 $(c 2)" "witness 0 1 $(x 1)" \
        'challenge 1 2 0' 'challenge 1 2 0' 'witness 1 2 0' \
        'challenge 1 3 0' 'challenge 1 2 0' 'witness 1 3 1' \
        "challenge 0 4 $(c 4)" "challenge 0 2 $(c 2)" "witness 0 4 $(x 4)"
    ;;
remapped)
    seen "challenge 0 1 $(c 1)" "challenge 0 2 $(c 2)" "witness 0 1 $(x 1)" \
        'challenge 1 2 0' 'challenge 1 2 0' 'witness 1 2 0' \
        "challenge 0 3 $(c 3)" "challenge 0 2 $(c 2)" "witness 0 3 $(x 3)"
    ;;
copied)
    grep -q '^witness 1 level 0 ring 3: 7 ' "$work/events" || failed=1
    [ "$(wc -l <"$work/events")" = 1 ] || failed=1
    ;;
jumped)
    [ ! -s "$work/events" ] || failed=1
    ;;
esac
grep -q '^done' "$work/out" || failed=1
[ $failed = 0 ] || cat "$work/events" "$work/messages"
exit $failed
