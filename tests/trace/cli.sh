#!/bin/sh
# The commands of quire-trace, on traces of real runs.
#
#     cli.sh QUIRE-TRACE QUIRE-RUN PROGRAM PART
set -eu

tool=$1 runner=$2 program=$3 part=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

fail() {
    echo "FAILED: $*"
    exit 1
}

# record NAME ARGUMENT...: into $work/NAME
record() {
    name=$1
    shift
    timeout -s KILL 120 "$tool" record "$@" -o "$work/$name" </dev/null >"$work/$name.out" \
        2>"$work/$name.err" || { cat "$work/$name.err" && fail "record $name"; }
}

# expect STATUS COMMAND...: its output is in $work/out and $work/err.
expect() {
    want=$1
    shift
    status=0
    timeout -s KILL 120 "$@" </dev/null >"$work/out" 2>"$work/err" || status=$?
    [ "$status" -eq "$want" ] || { cat "$work/out" "$work/err"; fail "$*: status $status, not $want"; }
}

# has REGEX...: each occurs in the last output.
has() {
    for regex in "$@"; do
        grep -qE -- "$regex" "$work/out" || { head -60 "$work/out"; fail "no '$regex'"; }
    done
}

has_not() {
    ! grep -E -- "$1" "$work/out" || fail "'$1' should not be there"
}

part_show() {
    record t "$program" fork hello
    expect 0 "$tool" show "$work/t"
    has '^ +tick ring' 'start: CR0 .*; boot_multiboot2 \(src/boot/trampoline.S:[0-9]+\)' \
        'pid 3 +CR3 = 0x' 'exception #PF page fault at 0x[0-9a-f]+: write from ring 3' \
        'PTE for 0x[0-9a-f]+ at 0x[0-9a-f]+ written: .* -> .*; [a-z_]+ \(src/vm/' \
        'SYSCALL to trap_syscall_entry' 'OUT LPT1 data' 'end: the guest shut the machine down'
    [ "$(wc -l <"$work/out")" -gt 1000 ] || fail 'too few events'

    expect 0 "$tool" show --kind exception,invlpg --task 3 "$work/t"
    has 'pid 3 +exception'
    [ "$(tail -n +2 "$work/out" | grep -cvE ' pid 3 +(exception|INVLPG)')" -eq 0 ] || fail 'filters'
    va=$(sed -n 's/.*page fault at \(0x[0-9a-f]*\): write.*/\1/p' "$work/out" | head -n 1)
    tick=$(awk '/page fault at '"$va"': write/ { print $1; exit }' "$work/out")
    expect 0 "$tool" show --address "$va" --from "$tick" "$work/t"
    has "page fault at $va" 'PTE for 0x[0-9a-f]+000 at .* written'
    has_not 'PTE for 0xffff'
    expect 0 "$tool" show --address "$va-$va" --to "$tick" --ring 3 "$work/t"
    has_not '^ +[0-9]+ +0 '
    expect 0 "$tool" show --symbol sys_fork "$work/t"
    has 'call sys_fork rdi=' 'return from sys_fork = 0x3 '
    cr3=$("$tool" show --kind cr "$work/t" | sed -n 's/.*pid 3 .*CR3 = \(0x[0-9a-f]*\),.*/\1/p' | head -n 1)
    expect 0 "$tool" show --cr3 "$cr3" --kind transfer "$work/t"
    has 'pid 3 +(SYSCALL|SYSRET|IRETQ)'
    has_not 'pid 2'
}

part_stat() {
    record t "$program" fork hello
    expect 0 "$tool" stat "$work/t"
    has '^  command=.*cli_program fork hello' '^  seed=1' 'end: the guest shut' \
        '[0-9]+ +[0-9.]+ % +boot, to the first ring 3' ' programs \(ring 3\)' '#PF page fault' \
        '[0-9]+  INVLPG' '^ +[0-9]+ pid 2 ' '^ +[0-9]+ pid 3 ' ' kernel '
}

part_walk() {
    record t "$program" fork hello
    "$tool" show --kind exception --task 3 "$work/t" >"$work/faults"
    tick=$(sed -n 's/^ *\([0-9]*\) .*page fault at .*: write.*/\1/p' "$work/faults" | head -n 1)
    va=$(sed -n 's/.*page fault at \(0x[0-9a-f]*\): write.*/\1/p' "$work/faults" | head -n 1)
    expect 0 "$tool" walk --tick "$tick" "$work/t" "$va"
    has "^$va from CR3 0x[0-9a-f]+ \(pid 3\), at tick $tick" '^  PML4E ' '^  PDPTE ' '^  PDE ' \
        '^  PTE .*= frame 0x[0-9a-f]+, P U' '  = 0x.* in a 4 KiB page: .* not writable'
    expect 0 "$tool" walk --tick $((tick + 3000)) --task 3 "$work/t" "$va"
    has 'written at tick [0-9]+ by fault_[a-z_]+ \(src/vm/' '  = 0x.* 4 KiB page: .*, writable'
    expect 0 "$tool" walk "$work/t" 0xffffffff80100000
    has 'executable$'
    expect 2 "$tool" walk --task nobody "$work/t" 0x1000
}

part_diff() {
    record a "$program" fork hello
    record b --seed 2 --mem 64M "$program" fork hello
    record c "$program" fork world
    record d "$program" fork hello
    expect 0 "$tool" diff --exact "$work/a" "$work/d"
    has 'both traces have the same [0-9]+ events'
    expect 1 "$tool" diff --exact "$work/a" "$work/b"
    expect 0 "$tool" diff "$work/a" "$work/b"
    has 'their seed differ: 1 / 2' 'their mem_mib differ: 256 / 64' \
        'both machines did the same: [0-9]+ steps in [0-9]+ address spaces' 'not compared: ticks'
    expect 1 "$tool" diff "$work/a" "$work/c"
    has 'their standard output differs after 7 equal bytes'
    record e "$program" nothing
    expect 1 "$tool" diff "$work/a" "$work/e"
    has 'they part in address space pid 2, after [0-9]+ equal steps there' '^  both ' '^  A +.*tick' \
        '^  B +.*tick'
    # Files that are gone, like the kernel of a reference, cost no names that B has.
    cp "$("$tool" stat "$work/a" | sed -n 's/^  kernel=//p')" "$work/kernel"
    cp "$program" "$work/program"
    record f --kernel "$work/kernel" "$work/program" fork hello
    rm "$work/kernel" "$work/program"
    expect 1 "$tool" diff "$work/f" "$work/e"
    has '^  both .* ring 3 at __init_tls' '^  A +made a system call, in 0x'
}

# jq is a strict reader of JSON; what viewers need beyond it, the filter checks.
part_export_perfetto() {
    record t --calls all "$program" fork hello
    expect 0 "$tool" export --perfetto "$work/t" -o "$work/t.json"
    jq -e '
        .traceEvents as $all
        | ($all | length) > 1000
        and all($all[]; (.ph | IN("B", "E", "i", "M")) and (.ts | type == "number")
            and (.pid == 1) and (.tid | type == "number") and (.name | type == "string"))
        and all($all[] | select(.ph == "i"); .s == "t" and (.args.what | length) > 0)
        and ([$all[] | select(.ph != "M") | .ts] | . == sort)
        and ([$all[] | select(.ph == "M" and .name == "thread_name") | .args.name]
            | (index("CPU 0") != null) and (index("pid 3") != null))' "$work/t.json" >/dev/null ||
        fail 'not what a viewer of trace events reads'
    # In each thread what begins ends, and nothing ends that has not begun.
    jq -r '.traceEvents[] | select(.ph == "B" or .ph == "E") | "\(.tid) \(.ph)"' "$work/t.json" |
        awk '$2 == "B" { open[$1]++; n++ }
             $2 == "E" && --open[$1] < 0 { print "ends before it begins in", $1; bad = 1 }
             END { for (t in open) if (open[t]) { print "left open in", t; bad = 1 }; exit bad || n < 100 }' ||
        fail 'slices do not nest'
}

part_export_ctf() {
    record t "$program" fork hello
    expect 0 "$tool" export --ctf "$work/t" -o "$work/ctf"
    events=$("$tool" stat "$work/t" | sed -n 's/^  events: \([0-9]*\),.*/\1/p')
    expect 0 babeltrace2 "$work/ctf"
    [ "$(wc -l <"$work/out")" -eq "$events" ] || fail 'babeltrace2 reads another number of events'
    [ ! -s "$work/err" ] || { cat "$work/err" && fail 'babeltrace2 complains'; }
    has 'exception: \{ rip = 0x[0-9A-F]+, what = 14, .*error = 0x7, cr2 = 0x' \
        'entry-write: .*old_value = 0x' ' end: .*instructions = '
    expect 3 "$tool" export --ctf "$work/t" -o "$work/ctf"
}

part_mistakes() {
    expect 2 "$tool"
    expect 0 "$tool" --help
    has 'autopsy FILE'
    for command in record show stat walk diff export autopsy bench; do
        expect 0 "$tool" "$command" --help
        has "usage: ./quire trace $command"
    done
    for command in show stat walk diff export autopsy; do
        expect 2 "$tool" "$command"
        expect 2 "$tool" "$command" --nonsense x
    done
    expect 2 "$tool" frobnicate
    expect 2 "$tool" export "$0" -o x
    for command in show stat autopsy; do
        expect 3 "$tool" "$command" "$work/missing"
        expect 3 "$tool" "$command" "$0"
        [ "$(wc -l <"$work/err")" -eq 1 ] || fail "$command: more than a line of error"
    done
    record t "$program" fork hello
    expect 2 "$tool" show --kind nonsense "$work/t"
    expect 2 "$tool" show --symbol nonsense "$work/t"
    expect 2 "$tool" show --task nonsense "$work/t"
    expect 2 "$tool" show --from ten "$work/t"
    cp "$work/t" "$work/same"
    expect 2 "$tool" export --perfetto "$work/same" -o "$work/same"
    cmp "$work/t" "$work/same" || fail 'export has replaced its trace'
    expect 3 sh -c "'$tool' show '$work/t' >/dev/full"
    # A file that was cut off is read as far as it goes.
    head -c 20000 "$work/t" >"$work/cut"
    expect 0 "$tool" stat "$work/cut"
    grep -q 'cut off' "$work/err" || fail 'no warning about a cut file'
    expect 1 "$tool" autopsy "$work/cut"
    has 'the trace ends without saying why'
}

# A failed run under Bochs is explained, the status stays what it was.
part_kernel_panic() {
    expect 123 "$runner" --bochs --kernel-arg crash=stack "$program" fork hello
    mv "$work/err" "$work/out"
    has 'last words to the host: PANIC: kernel stack overflow' 'in crash_recurse \(src/kern/crash.c' \
        'by recursion: of the last calls [0-9]+ had no return, to crash_recurse'
    expect 122 "$runner" --bochs --kernel-arg crash=triple "$program" fork hello
    mv "$work/err" "$work/out"
    has '^triple fault' 'the IDT has no usable gate 6'
    expect 123 "$runner" --bochs --no-autopsy --kernel-arg crash=null "$program" fork hello
    mv "$work/err" "$work/out"
    has_not 'look at'
}

part_killed() {
    expect 139 "$runner" --bochs "$program" fault
    [ ! -s "$work/err" ] || { cat "$work/err" && fail 'more than the program wrote'; }
    expect 139 "$runner" --bochs --autopsy "$program" fault
    mv "$work/err" "$work/out"
    has '^a program was killed by an exception' 'ring 3, in sum_table \(.*cli_program.c:[0-9]+\)' \
        'is not mapped: its P[A-Z0-9]+ is not present and never was'
}

part_hang() {
    expect 124 "$runner" --bochs --timeout 20 "$program" spin
    mv "$work/err" "$work/out"
    has 'the machine did not come to an end' 'the program goes round in spin \(.*cli_program.c' \
        'the kernel is well: interrupts still arrive'
}

"part_$part"
