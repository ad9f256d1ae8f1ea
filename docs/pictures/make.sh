#!/bin/sh
# Draw the pictures of the book from traces of real runs:
#
#     docs/pictures/make.sh [DIR]       # default: this folder
#
# Small programs (programs.sh) are recorded under Bochs, and draw.py draws what the CPU did: every
# tick, address and entry in a picture comes from the recording. TRACE names the trace reader, if
# it is not ./quire trace.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
output=$(cd "${1:-$here}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

trace() {
    if [ -n "${TRACE-}" ]; then
        "$TRACE" "$@"
    else
        "$here/../../quire" trace "$@"
    fi
}

# record NAME [OPTION...]: the program, its events, and walks of some addresses.
record() {
    name=$1
    shift
    musl-gcc -static -g -O1 "$name.c" -o "$name"
    trace record "$@" "./$name" -o "$name.trace" </dev/null >out 2>&1 || {
        cat out
        exit 1
    }
    trace show "$name.trace" >"$name.events"
}

# The tick of the first event of a kind that contains a text, after an earlier tick.
tick_of() {
    awk -v from="$2" -v text="$3" '$1 + 0 > from && index($0, text) { print $1; exit }' "$1.events"
}

# walks OUT TICK TASK ADDRESS...
walks() {
    out=$1 tick=$2 task=$3
    shift 3
    for address in "$@"; do
        trace walk --tick "$tick" --task "$task" fork.trace "$address"
    done >"$out"
}

cd "$work"
. "$here/programs.sh"
record fork --calls '*'
record demand --calls 'as_handle_fault,frame_put*,pmm_free,tlb_gather_*'
record turns

forked=$(tick_of fork 0 'call sys_fork')
returned=$(tick_of fork "$forked" 'SYSRET')
loaded=$(tick_of fork "$forked" 'pid 3     CR3')
ended=$(tick_of fork "$loaded" 'call sys_exit')
data=$(nm fork | sed -n 's/^\([0-9a-f]*\) . shared$/0x\1/p')
set -- 0x401000 "$data" 0x7fffffffe000
walks before.walk "$forked" 2 "$@"
walks parent.walk "$returned" 2 "$@"
walks child.walk $((loaded + 1)) 3 "$@"
walks parent2.walk "$ended" 2 "$@"
walks child2.walk "$ended" 3 "$@"

/usr/bin/python3 "$here/draw.py" "$work" "$output"
