#!/bin/sh
# The traces that the tests of ./quire view look at.
#
#     record.sh QUIRE-TRACE KERNEL PROGRAMS DIRECTORY
set -eu

tool=$1 kernel=$2 programs=$3 directory=$4

# record NAME PROGRAM OPTION...
record() {
    name=$1 program=$2
    shift 2
    timeout -s KILL 250 "$tool" record --kernel "$kernel" "$@" "$programs/$program" \
        -o "$directory/$name.trace" </dev/null >"$directory/$name.log" 2>&1 ||
        { cat "$directory/$name.log" && echo "FAILED: record $program" && exit 1; }
}

record cow cow_data
record same cow_data --mem 64
record other cow_isolation
record large fork_many
record huge huge_split
