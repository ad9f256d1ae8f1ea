#!/bin/sh
# Record a crash kernel and check what its autopsy says:
#
#     autopsy.sh QUIRE-TRACE KERNEL KIND EXPECTED-FILE
set -eu

tool=$1 kernel=$2 kind=$3 expected=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# The recording's own status says how it ended; the autopsy follows it on standard error.
timeout -s KILL 60 "$tool" record --kernel "$kernel" --no-program --max-ticks 200000 \
    -o "$work/trace" </dev/null >"$work/out" 2>"$work/err" && status=0 || status=$?
[ -s "$work/trace" ] || { echo "no trace, status $status:"; cat "$work/err"; exit 1; }

"$tool" autopsy "$work/trace" >"$work/text" && status=0 || status=$?
cat "$work/text"
failed=0
[ "$status" -eq 1 ] || { echo "FAILED: autopsy ended with status $status, not 1"; failed=1; }
grep -qxF -f "$work/text" "$work/err" || { echo 'FAILED: record shows no autopsy'; failed=1; }
lines=$(wc -l <"$work/text")
[ "$lines" -le 45 ] || { echo "FAILED: $lines lines are no screen"; failed=1; }
grep "^$kind: " "$expected" >"$work/expected" || { echo "FAILED: nothing expected of $kind"; failed=1; }
while IFS= read -r line; do
    line=${line#"$kind": }
    case $line in
    !*) ! grep -E -- "${line#!}" "$work/text" || { echo "FAILED: '${line#!}' is there"; failed=1; } ;;
    *) grep -qE -- "$line" "$work/text" || { echo "FAILED: no '$line'"; failed=1; } ;;
    esac
done <"$work/expected"
exit $failed
