#!/bin/sh
# Boot with MIB of memory: a program runs, and the kernel found nearly all of it.
#
#     memory.sh PROGRAMS MIB [OPTION...]
#
# PROGRAMS is the directory of the test programs.
set -eu

programs=$1 mib=$2
shift 2
runner=${QUIRE_RUN:?names the runner}

total=$("$runner" --timeout 100 --mem "$mib" "$@" "$programs/show_file" /proc/meminfo </dev/null |
    awk '$1 == "MemTotal:" { print $2 }')
echo "asked for $((mib * 1024)) KiB, the kernel manages $total KiB"
# Firmware, the legacy hole below 1 MiB, the kernel and the frame table.
[ "$total" -le $((mib * 1024)) ]
[ "$total" -ge $((mib * 1024 / 100 * 95 - 12 * 1024)) ]

# Forks, copies and page tables in that much memory.
"$runner" --timeout 100 --mem "$mib" "$@" "$programs/fork_tree" </dev/null
