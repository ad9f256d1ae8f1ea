#!/bin/sh
# One case of the demos' tests:
#
#     RUN=quire-run PROGRAMS=build/host/user/demos KERNELS=build/default demo.sh CASE [ARGUMENT...]
set -u

case_name=$1
shift
root=$(pwd)
list=$root/user/demos/list.txt
front=$root/tools/demo/demo.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

die() {
    printf 'FAILED: %s\n' "$*"
    [ ! -s out ] || cat out
    [ ! -s err ] || cat err
    exit 1
}

expect_status() {
    [ "$status" = "$1" ] || die "status $status instead of $1"
}

# not_wider FILE COLUMNS
not_wider() {
    awk -v columns="$2" 'length($0) > columns { print; bad = 1 } END { exit bad }' "$1" ||
        die "wider than $2 columns"
}

# How often a line of the output begins with this.
count() {
    grep -c "^$1" out
}

# shared ARGUMENT...: the demo of that name, with standard input as its keys.
shared() {
    "$RUN" --direct --timeout 120 "$PROGRAMS/shared" "$@" >out 2>err
    status=$?
}

# All of a demo, as the list describes it: its claims hold, and it is as long as it says.
case_story() {
    name=$1
    shift
    line=$(grep "^$name " "$list") || die "$name is not in the list"
    # shellcheck disable=SC2086 # words
    set -- "$@" -- $line
    options=
    while [ "$1" != -- ]; do
        options="$options $1"
        shift
    done
    seconds=$3 kernel=$4
    shift 5
    # Claims about time hold if the host leaves QEMU the CPU: one time in three it must.
    attempts=1
    case $name$options in
    *--bochs*) ;;
    robin*) attempts=3 ;;
    esac
    status=1
    while [ $status != 0 ] && [ $attempts -gt 0 ]; do
        # shellcheck disable=SC2086 # options are meant to split
        "$RUN" $options --timeout 200 --mem 32 --kernel "$KERNELS/$kernel.elf" \
            "$PROGRAMS/$name" --length --captions </dev/null >captions 2>out
        status=$?
        attempts=$((attempts - 1))
    done
    expect_status 0
    grep -q '^[0-9]* claims were checked against the machine: all hold\.$' out || die 'no verdict'
    [ "$(head -n 1 out)" = "$*" ] || die "the list calls it '$*'"
    [ "$(tail -n 1 out)" = "length: $seconds s" ] || die "the list says $seconds s"
    [ "$seconds" -ge 20 ] && [ "$seconds" -le 90 ] || die "$seconds s is not 20 to 90"
    not_wider out 80
    # An empty line, then one or two: that is what the live map has room for.
    not_wider captions 60
    awk '{ lines = $0 == "" ? 0 : lines + 1 } lines > 2 { exit 1 }' captions || die 'three lines'
    [ "$(grep -c '^[1-9]\. ' out)" -le "$(grep -c '^$' captions)" ] || die 'steps without caption'
}

# A demo whose claims do not hold says so: the right kernel forgets no flush.
case_wrong_kernel() {
    "$RUN" --direct --timeout 120 "$PROGRAMS/tlb" >out 2>err </dev/null
    status=$?
    expect_status 1
    grep -q 'THIS DOES NOT HOLD: the first page shows the other one.s secret' out || die 'no word'
    ! grep -q 'all hold' out || die 'all hold?'
    "$front" --fast tlb >out 2>err </dev/null
    status=$?
    expect_status 0
}

# Six steps, the opening and the end: Enter and space go on.
case_step() {
    printf '\n \n\n \n\n\n\n\n' >keys
    shared --step <keys
    expect_status 0
    [ "$(count '[1-6]\. ')" = 6 ] || die 'not six steps'
    [ "$(grep -o '\[Enter\] on' err | wc -l)" = 7 ] || die 'not seven stops'
    grep -q 'The end' err || die 'no stop at the end'
}

# r tells the story again, from any step and at the end.
case_again() {
    printf '\n\nr\n\n\n\n\n\n\n\nr\nq\n' >keys
    shared --step <keys
    expect_status 3
    [ "$(count 'Shared memory: one')" = 3 ] || die 'not told three times'
    [ "$(count '1\. ')" = 2 ] || die 'step 1 not told twice'
    [ "$(count '6\. ')" = 1 ] || die 'step 6 not told once'
    [ "$(grep -c 'after: [0-9]*, equal' out)" = 1 ] || die 'frames are missing'
}

# q leaves at once, with processes that wait for orders.
case_quit() {
    printf '\n\n\nq\n' >keys
    shared --step <keys
    expect_status 3
    [ "$(count '3\. ')" = 1 ] && [ "$(count '4\. ')" = 0 ] || die 'not left after step 3'
    "$RUN" --direct --timeout 120 "$PROGRAMS/tree" --step <keys >out 2>err
    status=$?
    expect_status 3
}

# By itself it takes its time, keys cut it short; space stops, g goes on.
case_by_itself() {
    printf '\n\n \n\n\ng\n\nq\n' >keys
    shared --pace <keys
    expect_status 3
    [ "$(count '[1-6]\. ')" = 6 ] || die 'not six steps'
    ! grep -q 'all hold' out || die 'not left'
    [ "$(grep -o '\[Enter\] on' err | wc -l)" = 3 ] || die 'not three stops'
}

# Single keys of a terminal, through ./quire demo.
case_keyboard() {
    printf ' \nq' | timeout -s KILL 200 script -qec "$front --step shared; echo status \$?" /dev/null >out
    status=$?
    expect_status 0
    tr -d '\r' <out >text
    grep -q 'status 0' text || die 'another status'
    grep -q '2\. A page of each kind' text || die 'did not come to step 2'
    ! grep -q '3\. The child' text || die 'came to step 3'
    # The terminal is as before.
    printf 'q' | timeout -s KILL 200 script -qec \
        "stty -a >before; $front --step shared; stty -a >after" /dev/null >out
    cmp before after || die 'the terminal is not as it was'
}

# With the live map: captions on the screen, the story on standard error. n, the map's
# key for the next one, goes on; q ends all.
case_window() {
    "$front" --gui --fast shared >out 2>err </dev/null
    status=$?
    expect_status 0
    [ ! -s out ] || die 'captions in the terminal'
    grep -q '^6\. The child exits' err && grep -q 'all hold' err || die 'no story'
    DISPLAY='' WAYLAND_DISPLAY='' "$front" --gui --bochs --fast shared >out 2>err </dev/null
    status=$?
    expect_status 0
    grep -q '^quire: there is no display' err && grep -q 'all hold' err || die 'no story under Bochs'
    : >out
    (
        until grep -q '^1\. ' out; do sleep 0.3; done
        printf n
        until grep -q '^   Private: 0 frames' out; do sleep 0.3; done
        printf q
    ) | timeout -s KILL 250 script -qec "$front --gui walk shared tree; echo status \$?" /dev/null >out
    tr -d '\r' <out >text
    grep -q 'status 0' text || die 'another status'
    grep -q 'Shared memory: one frame' text || die 'n did not go on'
    ! grep -q 'A fork tree' text || die 'q did not end it'
}

# until_seen COUNT TEXT FILE: wait for so many of it.
until_seen() {
    until [ "$(grep -a -o "$2" "$3" 2>/dev/null | wc -l)" -ge "$1" ]; do sleep 0.3; done
}

# The boot image: the menu, a demo chosen on COM1, and the menu again.
case_menu() {
    "$front" --iso menu.iso >out 2>err || die 'no image'
    "$front" --iso again.iso >out 2>err || die 'no second image'
    cmp menu.iso again.iso || die 'the same demos make another image'
    : >com1
    (
        until_seen 1 'Buddies: how free memory' com1
        sleep 1
        printf '\033[B\033[B\033[B\033[B\033[B\033[B\033[B\033[B\r'
        until_seen 1 'This kernel forgets to flush' lpt1
        printf q
        until_seen 2 'Buddies: how free memory' com1
        kill "$(cat pid)"
    ) | timeout -s KILL 280 qemu-system-x86_64 -no-user-config -nodefaults -accel tcg -cpu max \
        -m 32 -vga std -display none -drive if=ide,media=cdrom,format=raw,readonly=on,file=menu.iso \
        -pidfile pid -serial stdio -parallel file:lpt1 >com1 2>err
    status=$?
    [ "$status" -lt 126 ] || die "QEMU ended with $status"
    until_seen 2 'Buddies: how free memory' com1
}

# A page for a demo, and the list with a link to each step.
case_pages() {
    "$front" --pages "$work/pages" tlb >out 2>err </dev/null
    status=$?
    expect_status 0
    grep -q '<title>Quire' pages/tlb.html || die 'no page'
    grep -q '<a href="tlb.html">The missing flush' pages/index.html || die 'no link'
    [ "$(grep -c '<a href="tlb.html#t=[0-9]*">' pages/index.html)" = 4 ] || die 'not four steps'
    grep -q '<a href="tlb.html#t=[0-9]*">A page is given back, its frame' pages/index.html ||
        die 'a step without its text'
    sed -n 's/.*#t=\([0-9]*\).*/\1/p' pages/index.html | sort -n -c || die 'steps out of order'
    grep -q '^      first page reads "S"$' pages/index.html || die 'no story'
    "$front" --pages /dev/null/pages fork >out 2>err </dev/null
    status=$?
    expect_status 3
}

# Without keys a demo that would wait for them goes on.
case_end_of_input() {
    printf '\n' >keys
    shared --step <keys
    expect_status 0
    [ "$(count '[1-6]\. ')" = 6 ] || die 'not six steps'
}

case_options() {
    shared --nonsense </dev/null
    expect_status 2
    grep -q "'--nonsense' is unknown" err || die 'no word'
    "$PROGRAMS/oom" >out 2>err </dev/null
    status=$?
    expect_status 1
    grep -q 'runs on Quire only' err || die 'it would use up our memory'
}

case_list() {
    "$front" --list >out || die 'no list'
    [ "$(wc -l <out)" = 10 ] || die 'not ten'
    for name in $(grep -v '^#' "$list" | cut -d ' ' -f 1); do
        [ -x "$PROGRAMS/$name" ] || die "$name is not built"
        grep -q "^  $name .* s  [A-Z]" out || die "$name is not named"
        grep -q "\`$name\`" "$root/docs/demos.md" || die "$name is not in docs/demos.md"
    done
    "$root/quire" demo --help | grep -q '^usage: ./quire demo' || die 'no help'
}

# mistake TEXT ARGUMENT...: refused with 2 and one line, before anything is built.
mistake() {
    text=$1
    shift
    "$root/quire" demo "$@" >out 2>err </dev/null
    status=$?
    expect_status 2
    [ "$(wc -l <err)" = 1 ] || die 'not one line'
    grep -q "^quire: .*$text" err || die "no '$text'"
}

case_mistakes() {
    mistake "no demo 'nonsense'; ./quire demo --list" nonsense
    mistake 'unknown option --nonsense' --nonsense fork
    mistake "no demo 'f.rk'" f.rk
    mistake 'needs a value' --timeout
    mistake "wants seconds above 0, not 'x'" --timeout x fork
    mistake 'wants seconds above 0' --timeout 0 fork
    mistake 'needs the name of a file' --iso
    mistake 'takes all demos' --iso x fork
    mistake 'wants keys' --bochs --step fork
}

# One after another.
case_several() {
    "$front" --fast walk shared >out 2>err </dev/null
    status=$?
    expect_status 0
    [ "$(grep -c 'all hold' out)" = 2 ] || die 'not two'
}

"case_$case_name" "$@"
