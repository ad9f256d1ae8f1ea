#!/bin/sh
# Start on a CPU that lacks something: the kernel names it on COM1 and stops.
#
#     cpu.sh KERNEL CPU TEXT
#
# CPU is QEMU's name of it, TEXT an extended regular expression.
set -eu

kernel=$1 cpu=$2 text=$3
said=$(timeout -s KILL 60 qemu-system-x86_64 -accel tcg -cpu "$cpu" -m 64 -kernel "$kernel" \
    -display none -monitor none -serial stdio -no-reboot \
    -device isa-debug-exit,iobase=0xf4,iosize=4 </dev/null 2>&1 || true)
printf '%s\n' "$said"
printf '%s\n' "$said" | grep -Eq "$text"
