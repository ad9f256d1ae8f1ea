#!/bin/bash
# The page tables that a trace tells are those in the machine's memory at the end,
# to the byte:
#
#     TRACE=quire-trace CHECK=tables_check complete.sh [OPTION...] PROG
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
timeout -s KILL 280 "$TRACE" record --ram-dump "$work/ram" -o "$work/trace" "$@" \
    >"$work/out" 2>"$work/err" || true # how the program ends does not matter
tail -n 1 "$work/err"
grep -Eq '^quire: recorded .*: (finished|tick limit)' "$work/err"
"$CHECK" "$work/trace" "$work/ram"

# The check itself: one byte of a table differs.
root=$("$CHECK" "$work/trace" "$work/ram" --root)
printf '\001' | dd of="$work/ram" bs=1 seek=$((root + 8 * 300)) conv=notrunc status=none
if "$CHECK" "$work/trace" "$work/ram" >"$work/out"; then
    echo 'a byte that was changed goes unnoticed'
    exit 1
fi
