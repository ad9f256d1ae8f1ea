#!/bin/sh
# record_paths.sh PROGRAM: directly booted or by GRUB, the CPU does the same from
# the kernel's entry on: control registers, flushes and MSRs in order, every
# exception with its error code and address, every system call. Where the frames
# lie and when the clock ticks depends on the way.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for path in direct grub; do
    timeout -s KILL 140 "$TRACE" record "--$path" --kernel "$QUIRE" --calls none \
        -o "$work/trace" "$PROGRAMS/$1" >"$work/$path.out" 2>"$work/messages"
    echo "status $?" >>"$work/$path.out"
    {
        "$EVENTS" "$work/trace" cr invlpg wrmsr | awk '{ print $1, $2, $4, $6 }'
        "$EVENTS" "$work/trace" exception
        "$EVENTS" "$work/trace" transfer | grep '^transfer [12] ' # SYSCALL, SYSRET
    } >"$work/$path"
done
wc -l "$work/direct"
diff "$work/direct" "$work/grub" && diff "$work/direct.out" "$work/grub.out"
