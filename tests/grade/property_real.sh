#!/bin/sh
# Judge a recording of the reference kernel, and the same file damaged in many places.
#
#     property_real.sh JUDGE RECORD KERNEL PROGRAM MAY_FAIL
#
# JUDGE is property_judge_all, RECORD quire-trace. Properties in MAY_FAIL, words with spaces
# between, the program breaks on purpose. All others must pass, or find that there was no
# occasion to break them. On damaged files only the end matters: no crash, no sanitizer's report.
set -eu

judge=$1 record=$2 kernel=$3 program=$4 may_fail=" $5 "
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

"$record" record --kernel "$kernel" -o "$work/trace" "$program" >"$work/out" 2>"$work/err" || {
    cat "$work/err" >&2
    exit 1
}
"$judge" "$work/trace" "$program" >"$work/verdicts"
status=0
passed=0
while read -r verdict name text; do
    case $verdict in
    pass) passed=$((passed + 1)) ;;
    fail)
        case $may_fail in
        *" $name "*) continue ;;
        esac
        case $text in
        "Nothing went wrong"* | "The program never came to its step"*) ;;
        *)
            echo "$name: $text" >&2
            status=1
            ;;
        esac
        ;;
    esac
done <"$work/verdicts"
[ "$passed" -ge 30 ] || {
    echo "only $passed properties passed" >&2
    status=1
}

# Another byte each time: in blocks (the CRC refuses), the head, the index; and cut files.
size=$(wc -c <"$work/trace")
step=$((size / 12))
at=20
while [ "$at" -lt "$size" ]; do
    cp "$work/trace" "$work/damaged"
    printf '\377' | dd of="$work/damaged" bs=1 seek="$at" conv=notrunc 2>/dev/null
    "$judge" "$work/damaged" "$program" >"$work/out" 2>"$work/err" || [ ! -s "$work/err" ] || {
        cat "$work/err" >&2
        exit 1
    }
    head -c "$at" "$work/trace" >"$work/damaged"
    "$judge" "$work/damaged" "$program" >"$work/out" 2>"$work/err" || [ ! -s "$work/err" ] || {
        cat "$work/err" >&2
        exit 1
    }
    at=$((at + step))
done
exit "$status"
