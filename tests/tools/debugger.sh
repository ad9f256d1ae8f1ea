#!/bin/bash
# ./quire debug: its commands, under gdb with a machine behind it.
#
#     RUN=quire-run PROBE=probe debugger.sh CASE
set -u

case_name=$1
root=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$PROBE" "$work/probe"
cd "$work" || exit 1
mkdir tmp
export TMPDIR=$work/tmp NO_COLOR=1

die() {
    printf 'FAILED: %s\n' "$*"
    cat out
    [ ! -e err ] || cat err
    exit 1
}

# gdb COMMAND...: the probe forks, gdb gets these commands.
debug() {
    printf '%s\n' "$@" kill |
        timeout -s KILL 200 "$RUN" --debug ./probe fork 2>&1 | sed -E "s/^(\\(gdb\\) )+//" >out
}

expect() {
    grep -qE -- "$1" out || die "not in the output: $1"
}

expect_not() {
    ! grep -qE -- "$1" out || die "in the output: $1"
}

# What they say of a machine that has just begun, of one that forks, and of wrong arguments.
case_commands() {
    debug 'q-frames' 'q-tasks' 'q-walk kmain' 'q-walk 0x800000000000' 'q-walk' 'q-vmas 77' \
        'break as_clone_cow' 'continue' 'echo AT-FORK\n' 'q-tasks' 'q-vmas' 'q-walk $rip' \
        'q-walk 0x400000' 'q-walk 0x10000' 'q-frames' 'q-frames 0' \
        'delete' 'break task_start' 'continue' 'echo AT-START\n' 'q-vmas 3' 'q-walk 0x400000 3'
    expect 'kmain'
    expect 'the frame table does not exist yet'
    expect 'the scheduler has not started'
    expect '0x800000000000 is not canonical'
    expect 'q-walk wants an address'
    expect_not 'Traceback|Python Exception'
    mv out whole
    sed -n '/AT-FORK/,/AT-START/p' whole >out
    expect '^  1 +0 +sleeping .* init .*task_wait < init_main'
    expect '^\* 2 +1 +running .* probe'
    expect 'task 2, PML4 at 0x[0-9a-f]+, 1 references'
    expect '^0x0*400000\.\..* r--p +anonymous 4k +1 resident, 0 copy-on-write'
    expect '^0x7fffff7ff000\.\.0x7ffffffff000 rw-p stack +4k +[1-9][0-9]* resident'
    expect 'PML4\[511\] .*-> table'
    expect 'PT +\[[0-9 ]+\] .*read-only kernel' # the kernel's text
    expect 'PT +\[  0\] .*read-only user no-execute accessed'
    expect 'P[A-Z0-9]+ *\[ *[0-9]+\] .*  not present'
    expect '^[0-9]+ frames, [0-9]+ free, [0-9]+ page tables'
    expect '^order 10 \( 4096 KiB\): [0-9]+ free'
    expect '^frame 0x0: reserved'
    sed -n '/AT-START/,$p' whole >out
    expect 'task 3, PML4 at'
    expect '[1-9][0-9]* copy-on-write'
    expect 'physical address: 0x[0-9a-f]+'
}

# Lines for what the kernel does, without stopping; the program comes to its end.
case_events() {
    debug 'q-trace' 'q-trace nonsense' 'q-trace faults tasks calls switches flushes' 'continue'
    expect 'traced: nothing'
    expect "q-trace knows no kind 'nonsense'; there are: faults"
    expect "^pid 1 +start +pid 2 'program'"
    expect '^pid 2 +exec +probe'
    expect '^pid 2 +call +sys_fork \(57\)'
    expect "^pid 2 +start +pid 3 'probe'"
    expect '^pid 2 +fault +write at 0x[0-9a-f]+, from ring 3'
    expect '^pid 3 +exit +wait status 0x200'
    expect '^pid [0-9]+ +switch +from pid [0-9]+ to this one'
    expect '^pid 2 +flush +all'
    expect '^pid 2 +exit +wait status 0x0'
    expect_not '^q-trace: |Python Exception'
    debug 'q-trace all' 'q-trace off' 'continue'
    expect 'traced: faults calls switches tasks flushes frames'
    expect_not '^pid [0-9]'
}

# An editor's gdb, in its machine interface, over a socket of its choice.
case_server() {
    timeout -s KILL 200 "$RUN" --server "$work/s.sock" ./probe fork >run.out 2>err &
    runner=$!
    for _ in $(seq 300); do
        grep -q 'waiting for a debugger' err && break
        sleep 0.1
    done
    {
        printf '%s\n' "-interpreter-exec console \"directory $root\"" \
            "-interpreter-exec console \"source $root/tools/gdb/quire.py\"" \
            "-target-select remote $work/s.sock" '-interpreter-exec console "thbreak kmain"' \
            '-break-insert as_clone_cow' '-exec-continue'
        for _ in $(seq 300); do grep -q 'func="kmain"' out && break || sleep 0.1; done
        printf '%s\n' '-exec-continue'
        for _ in $(seq 300); do grep -q 'stopped.*func="as_clone_cow"' out && break || sleep 0.1; done
        printf '%s\n' '-interpreter-exec console q-tasks' '-exec-continue'
        for _ in $(seq 300); do [ -d "/proc/$runner" ] && sleep 0.1 || break; done
        printf '%s\n' '-gdb-exit'
    } | timeout -s KILL 200 gdb -q -nx -i=mi "$root/build/default/quire.elf" >out 2>gdb.err
    wait "$runner"
    status=$?
    expect "fullname=\"$root/src/vm/clone.c\""
    expect '\* 2 +1 +running'
    [ "$status" = 0 ] || die "the program's status is lost: $status"
    [ ! -e "$work/s.sock" ] || die 'the socket is left behind'
    [ -z "$(ls -A "$TMPDIR")" ] || die "left behind: $(ls -A "$TMPDIR")"
}

case_refusals() {
    : >out
    echo mine >file
    "$RUN" --server file ./probe 2>err
    [ $? = 125 ] && [ "$(cat file)" = mine ] || die 'a file was taken for a socket'
    grep -q '^quire: --server file: there is a file of this name' err || die 'not named'
    "$RUN" --server "$(printf '%0200d' 7)" ./probe 2>err
    [ $? = 125 ] && grep -q 'too long' err || die 'a long name was not refused'
    "$RUN" --server a,b ./probe 2>err
    [ $? = 125 ] && grep -q 'comma' err || die 'a comma was not refused'
    "$RUN" --bochs --server s ./probe 2>err
    [ $? = 125 ] && grep -q 'needs QEMU' err || die 'Bochs was not refused'
}

"case_$case_name"
