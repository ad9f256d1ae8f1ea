#!/bin/bash
# One case of the runner's tests:
#
#     RUN=quire-run PROBE=probe run.sh CASE [--qemu|--bochs|--direct]
#
# PROBE runs on the host and on Quire; what it writes and how it ends must agree.
set -u

case_name=$1
shift
emulator=("$@")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$PROBE" "$work/probe"
root=$(pwd)
cd "$work" || exit 1
# The runner's own files land here, so that a test can see what is left of them.
mkdir tmp
export TMPDIR=$work/tmp

die() {
    printf 'FAILED: %s\n' "$*"
    exit 1
}

# quire ARGUMENT...: run with the emulator under test; output in out and err, status in status.
#
# What an autopsy adds to a failure under Bochs has tests of its own.
quire() {
    case " ${emulator[*]} $* " in
    *' --bochs '*) set -- --no-autopsy "$@" ;;
    esac
    /usr/bin/timeout -s KILL 240 "$RUN" "${emulator[@]}" "$@" >out 2>err
    status=$?
}

expect_status() {
    [ "$status" = "$1" ] || die "status $status instead of $1; standard error: $(cat err)"
}

# One line `quire: ...` that contains the text, and nothing else.
expect_message() {
    [ "$(wc -l <err)" = 1 ] || die "not one line on standard error: $(cat err)"
    grep -q "^quire: .*$1" err || die "'$1' is not in: $(cat err)"
}

expect_clean() {
    [ -z "$(ls -A "$TMPDIR")" ] || die "left behind: $(ls -A "$TMPDIR")"
    "$root/tests/nobody_left.sh" "$TMPDIR/quire-" || die 'an emulator is left'
}

# refused TEXT ARGUMENT...: this command line is refused with 125 and one line.
refused() {
    text=$1
    shift
    quire --status st "$@" </dev/null
    expect_status 125
    expect_message "$text"
    [ "$(cat st)" = 'error 125' ] || die "status file: $(cat st)"
}

# same ARGUMENT...: the probe with these arguments does the same here and there.
same() {
    ./probe "$@" <"${input:-/dev/null}" >want 2>want_err
    want=$?
    quire ./probe "$@" <"${input:-/dev/null}"
    expect_status "$want"
    cmp want out || die "standard output differs: $*"
    cmp want_err err || die "standard error differs: $*"
    expect_clean
}

case_options() {
    refused 'unknown option --bogus' --bogus ./probe
    refused '--mem' --mem
    refused '--mem' --mem lots ./probe
    refused '--mem' --mem 12T ./probe
    refused '--mem must be' --mem 8 ./probe
    refused '--mem must be' --mem 99999999999G ./probe
    refused '--timeout' --timeout 0 ./probe
    refused '--timeout' --timeout 5s ./probe
    refused '--seed' --seed -1 ./probe
    refused '--env' --env NAME ./probe
    refused '--env' --env =value ./probe
    refused '--file' --file '' ./probe
    refused 'exclude each other' --qemu --bochs ./probe
    refused 'exclude each other' --uefi --direct ./probe
    refused 'needs QEMU' --bochs --uefi ./probe
    refused 'needs QEMU' --bochs --direct ./probe
    refused 'kernel-arg' --kernel-arg 'a b' ./probe
    refused 'no-such' --kernel no-such ./probe
    refused 'no-such' --file no-such ./probe
    refused 'two files' --file probe=x --file "$0=/x" ./probe
    refused '.quire' --file probe=.quire/args ./probe
    refused 'regular file' --file tmp ./probe
    quire --help
    expect_status 0
    grep -q '^usage: ./quire run' out || die 'no help'
    expect_clean
}

case_programs() {
    refused 'No such file' ./no-such
    refused 'not a regular file' ./tmp
    refused 'is a script' "$root/quire"
    printf 'hello' >text && chmod +x text
    refused 'not an ELF' ./text
    : >empty && chmod +x empty
    refused 'not an ELF' ./empty
    cp probe plain && chmod -x plain
    refused 'chmod +x' ./plain
    printf 'int main(void) { return 0; }' >main.c
    gcc -o dynamic main.c
    refused 'link it with -static' ./dynamic
    gcc -c -o object.o main.c && chmod +x object.o
    refused 'not linked' ./object.o
    head -c 70 probe >short && chmod +x short
    printf '\x03\x00' | dd of=short bs=1 seek=18 conv=notrunc status=none
    refused 'not for x86-64' ./short
    expect_clean
}

case_front_end_usage() {
    RUN=$root/quire
    quire frobnicate
    expect_status 2
    expect_message 'unknown command'
    for command in '' trace lab; do # these have commands of their own
        quire $command
        expect_status 2
        grep -q "^usage: ./quire $command" err || die "'$command' alone shows no usage: $(cat err)"
    done
    for command in grade grade-class export package; do
        quire $command --no-such-option
        expect_status 2
        [ "$(wc -l <err)" = 1 ] || die "not one line on standard error: $(cat err)"
    done
    for command in '' run test debug trace lab grade grade-class export package setup doctor; do
        quire $command --help
        expect_status 0
        grep -q '^usage: ./quire' out || die "no help for $command"
    done
    quire test no-such-label!
    expect_status 2
    quire setup no-such-group
    expect_status 2
    quire doctor
    grep -q 'qemu-system-x86' out || die 'doctor does not tell about QEMU'
}

# An image depends on its input alone: not on the clock, the directory, or file dates.
# The image does not replace what goes into it.
case_iso_of_itself() {
    cp probe same
    refused 'would be overwritten' --iso same ./same
    cmp probe same || die 'the program has changed'
}

case_iso_reproducible() {
    for firmware in '' --uefi; do
        quire $firmware --iso one.iso --seed 7 ./probe args one </dev/null
        expect_status 0
        sleep 2
        touch probe
        mkdir -p elsewhere
        TMPDIR=$work/elsewhere quire $firmware --iso two.iso --seed 7 ./probe args one </dev/null
        expect_status 0
        cmp one.iso two.iso || die "two images of the same input differ ($firmware)"
        quire $firmware --iso three.iso --seed 8 ./probe args one </dev/null
        ! cmp -s one.iso three.iso || die 'the seed is not in the image'
    done
    expect_clean
}

case_statuses() {
    same exit 0
    same exit 7
    same exit 255
    quire --status st ./probe exit 124 </dev/null
    expect_status 124
    [ "$(cat st)" = 'exit 124' ] || die "status file: $(cat st)"
    for signal in 9 15; do
        quire --status st ./probe signal $signal </dev/null
        expect_status $((128 + signal))
        [ "$(cat st)" = "signal $signal" ] || die "status file: $(cat st)"
        [ ! -s err ] || die "standard error: $(cat err)"
    done
    quire --status st ./probe crash </dev/null
    expect_status 139
    [ "$(cat st)" = 'signal 11' ] || die "status file: $(cat st)"
}

case_streams() {
    same streams
    same bytes
    quire ./probe streams </dev/null >/dev/null
    expect_status 0
}

case_arguments() {
    same args
    same args one 'two words' '' '--mem' "quote's" "$(printf 'new\nline')" "$(printf '\377\001')"
    same exec ./probe args again
    # argv[0] is the path as typed, and names the program inside, too.
    mkdir -p deep/er
    cp probe deep/er/probe
    quire deep//er/../er/probe exec deep//er/../er/probe args </dev/null
    expect_status 0
    printf '[deep//er/../er/probe]\n[args]\n' | cmp - out || die "$(cat out)"
    quire "$work/probe" args </dev/null
    printf '[%s/probe]\n[args]\n' "$work" | cmp - out || die "$(cat out)"
}

case_environment() {
    quire ./probe env </dev/null
    expect_status 0
    [ ! -s out ] || die "an environment from nowhere: $(cat out)"
    quire --env A=1 --env 'B=two words' --env C= --env D=x=y ./probe env </dev/null
    env -i A=1 'B=two words' C= D=x=y ./probe env | cmp - out || die "$(cat out)"
}

case_files() {
    head -c 100000 /dev/urandom >data
    quire --file data ./probe file data </dev/null
    expect_status 0
    cmp data out || die 'a file has changed on its way'
    quire --file data=/etc/deep/name ./probe file ./etc/../etc/deep/name </dev/null
    expect_status 0
    cmp data out || die 'a file under another name has changed on its way'
    : >none
    quire --file none ./probe file none </dev/null
    expect_status 0
    [ ! -s out ] || die 'an empty file is not empty'
    quire --file probe=/bin/other ./probe exec /bin/other args x </dev/null
    expect_status 0
    printf '[/bin/other]\n[args]\n[x]\n' | cmp - out || die "$(cat out)"
    quire ./probe file data </dev/null
    expect_status 1
    grep -q 'No such file' err || die "$(cat err)"
}

case_stdin_bytes() {
    head -c 300000 /dev/urandom >bytes
    input=bytes same cat
    input=/dev/null same cat
    printf 'no newline at the end' >bytes
    input=bytes same cat
    # A pipe, and no standard input at all.
    printf 'through a pipe\n' | quire ./probe cat
    [ "$(cat out)" = 'through a pipe' ] || die "$(cat out)"
    quire ./probe cat <&-
    expect_status 0
    [ ! -s out ] || die "$(cat out)"
}

case_stdin_large() {
    head -c 16777216 /dev/urandom >bytes
    ./probe sum <bytes >want
    quire ./probe sum <bytes
    expect_status 0
    cmp want out || die '16 MiB did not arrive'
    printf x >>bytes
    quire --status st ./probe sum <bytes
    expect_status 125
    expect_message '16 MiB'
}

case_seed() {
    quire ./probe random </dev/null
    cp out default
    quire --seed 1 ./probe random </dev/null
    cmp default out || die 'the default seed is not 1'
    quire --seed 18446744073709551615 ./probe random </dev/null
    expect_status 0
    ! cmp -s default out || die 'another seed, the same random numbers'
}

case_log() {
    quire --log ./probe exit 3 </dev/null
    expect_status 3
    [ -s err ] && [ ! -s out ] || die 'the log is not on standard error'
    quire ./probe exit 3 </dev/null
    [ ! -s err ] || die "without --log: $(cat err)"
}

# A machine under load may need longer to get as far as the program.
case_timeout() {
    for seconds in 3 12 48; do
        quire --timeout $seconds --status st ./probe spin </dev/null
        expect_status 124
        expect_message "no end within $seconds s"
        [ "$(cat st)" = 'timeout 124' ] || die "status file: $(cat st)"
        expect_clean
        [ "$(cat out)" = spinning ] && return
    done
    die 'what was written before is lost'
}

# A reader that went away ends the run as it would end the program.
case_broken_pipe() {
    timeout -s KILL 240 "$RUN" "${emulator[@]}" ./probe lines </dev/null 2>err | head -n 1 >out
    [ "${PIPESTATUS[0]}" = 141 ] || die "not ended by SIGPIPE: ${PIPESTATUS[*]}"
    [ "$(cat out)" = 'one line of many' ] && [ ! -s err ] || die "$(cat out err)"
    expect_clean
    if [ -e /dev/full ]; then
        "$RUN" "${emulator[@]}" ./probe streams </dev/null >/dev/full 2>err
        status=$?
        expect_status 125
        grep -q '^quire: cannot write' err || die "$(cat err)"
    fi
}

# start_spinning: a run in the background that has got as far as the program.
start_spinning() {
    rm -f out err st # of a run before
    "$RUN" "${emulator[@]}" --status st ./probe spin </dev/null >out 2>err &
    runner=$!
    for _ in $(seq 600); do
        grep -q spinning out && return
        sleep 0.1
    done
    die 'the program did not start'
}

case_interrupt() {
    for signal in INT:130 TERM:143 HUP:129; do
        start_spinning
        kill -s "${signal%:*}" "$runner"
        wait "$runner"
        status=$?
        expect_status "${signal#*:}"
        [ "$(cat st)" = "interrupted $((status - 128))" ] || die "status file: $(cat st)"
        [ ! -s err ] || die "$(cat err)"
        expect_clean
    done
}

# Even when the runner has no chance to clean up, no emulator stays.
case_killed() {
    start_spinning
    kill -s KILL "$runner"
    wait "$runner" 2>/dev/null
    "$root/tests/nobody_left.sh" "$TMPDIR/quire-" || die 'an emulator is left'
}

case_panic() {
    for way in --direct --qemu --bochs; do
        quire $way --status st --kernel-arg crash=assert ./probe exit 0 </dev/null
        expect_status 123
        [ "$(cat st)" = 'panic 123' ] || die "status file: $(cat st)"
        tail -n 1 err | grep -q '^quire: the kernel panicked' || die "$(cat err)"
        [ "$(wc -l <err)" -gt 5 ] || die "no report: $(cat err)"
    done
}

case_triple_fault() {
    for way in --direct --qemu --bochs; do
        quire $way --status st --kernel-arg crash=triple ./probe exit 0 </dev/null
        expect_status 122
        expect_message 'triple fault'
        [ "$way" = --bochs ] || grep -q 'let --bochs say why' err || die "no way on: $(cat err)"
        [ "$(cat st)" = 'triple-fault 122' ] || die "status file: $(cat st)"
    done
}

# What the loader or emulator has to say when it fails is passed on.
case_cannot_boot() {
    for way in --qemu --bochs; do
        quire $way --kernel probe ./probe exit 0 </dev/null
        expect_status 125
        expect_message 'no multiboot header'
        head -c 40000000 /dev/zero >large
        quire $way --mem 32 --file large ./probe exit 0 </dev/null
        expect_status 125
        expect_message 'out of memory'
    done
    quire --direct --mem 32 --file large ./probe exit 0 </dev/null
    expect_status 125
    expect_message 'QEMU could not start the machine: .*too large'
    PATH=/nowhere quire --direct ./probe </dev/null
    expect_status 125
    expect_message 'is not installed; ./quire setup'
    expect_clean
}

# A terminal's lines reach the program as they are typed; Ctrl-D ends them.
case_interactive() {
    printf 'first line\nsecond line\n\004' |
        timeout -s KILL 120 script -qec "$RUN --direct --status st ./probe cat" /dev/null >out
    [ "$(cat st)" = 'exit 0' ] || die "status file: $(cat st); $(cat out)"
    # Once from the terminal's echo, once from the program.
    [ "$(tr -d '\r' <out | grep -c 'first line')" = 2 ] || die "$(cat out)"
    [ "$(tr -d '\r' <out | grep -c 'second line')" = 2 ] || die "$(cat out)"
    # Under Bochs a terminal is empty.
    timeout -s KILL 120 script -qec "$RUN --bochs --status st ./probe cat" /dev/null </dev/null >out
    [ "$(cat st)" = 'exit 0' ] || die "status file: $(cat st); $(cat out)"
}

"case_$case_name"
