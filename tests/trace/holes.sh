#!/bin/bash
# holes.sh: the kernel takes no frame of a hole, where it would have taken some;
# and what the direct boot loads arrives whole, on whichever side of a hole.
#
#     TRACE=quire-trace QUIRE=kernel KERNEL=coherence PROGRAM=witness
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

record() {
    timeout -s KILL 60 "$TRACE" record "$@" >"$work/out" 2>"$work/messages"
}

# Tables and pages of ring 3 with frames from 0x3800000 to 0x3bfffff.
inside() {
    "$TRACE" show --kind table,entry-write,entry-seen "$1" |
        grep -cE '0x3[89ab][0-9a-f]{5} is a P|-> .*frame 0x3[89ab][0-9a-f]{5}, P .*U' || true
}

record --kernel "$QUIRE" --mem 60M -o "$work/whole" "$PROGRAM" honest
record --kernel "$QUIRE" --mem 60M --log --hole 56M:4032K --hole 0x1000000:4K -o "$work/holes" \
    "$PROGRAM" honest
grep -q 'boot: 000003800000..000003bf0000 reserved' "$work/messages"
grep -q 'boot: 000001000000..000001001000 reserved' "$work/messages"
grep -q '^done' "$work/out"
echo "frames used: $(inside "$work/whole") without the hole, $(inside "$work/holes") with it"
[ "$(inside "$work/whole")" -gt 5 ]
[ "$(inside "$work/holes")" = 0 ]

# Larger than a block of Bochs' memory; a hole moves it from behind the kernel to 2 MiB.
head -c 3000000 /dev/urandom >"$work/archive"
record --kernel "$KERNEL" --mem 64M --hole 0x180000:512K --archive "$work/archive" \
    --ram-dump "$work/ram" -o "$work/trace" "$PROGRAM"
cmp -i "$((0x200000)):0" -n 3000000 "$work/ram" "$work/archive"

# refuses TEXT OPTION...: one line that holds the text.
refuses() {
    if record --kernel "$QUIRE" -o "$work/trace" "${@:2}" "$PROGRAM"; then
        echo "not refused: ${*:2}"
        exit 1
    fi
    grep -q -- "$1" "$work/messages"
}
refuses 'whole pages' --hole 8M:100
refuses 'whole pages' --hole 8M
refuses 'lies in a hole' --hole 1M:4K
refuses 'overlap' --hole 8M:1M --hole 0x880000:4K
refuses 'does not lie in RAM' --hole 255M:2M
refuses '--direct' --grub --hole 8M:1M
