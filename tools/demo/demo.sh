#!/bin/sh
# ./quire demo, once everything is built: see help.txt.
#
#     demo.sh --check ARGUMENT...    only say what is wrong with the arguments
#     demo.sh ARGUMENT...
set -u

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
list=$root/user/demos/list.txt
runner=$root/build/host/tools/run/quire-run
programs=$root/build/host/user/demos
kernels=$root/build/default
memory=32 # MiB: the map has a cell for every frame, and running out of it takes no time

# fail STATUS MESSAGE...
fail() {
    status=$1
    shift
    printf 'quire: %s\n' "$*" >&2
    exit "$status"
}

usage() {
    fail 2 "$*; see ./quire demo --help"
}

demos() {
    grep -v '^#' "$list"
}

# demo_read NAME: sets seconds, kernel, view and title; false if there is none.
demo_read() {
    line=$(demos | awk -v name="$1" '$1 == name')
    [ -n "$line" ] || return 1
    # shellcheck disable=SC2086 # words
    set -- $line
    seconds=$2 kernel=$3 view=$4
    shift 4
    title=$*
}

# Is this word behind --pages a folder to write to, rather than an option or a demo?
is_folder() {
    case $1 in
    -*) return 1 ;;
    esac
    [ -d "$1" ] || ! demo_read "$1"
}

is_seconds() {
    awk -v text="$1" 'BEGIN { exit !(text ~ /^([0-9]+\.?[0-9]*|\.[0-9]+)$/ && text > 0) }'
}

print_list() {
    for name in $(demos | sed 's/ .*//'); do
        demo_read "$name"
        printf '  %-8s %3d s  %s\n' "$name" "$seconds" "$title"
    done
}

# ---- arguments -----------------------------------------------------------------

check=
if [ "${1-}" = --check ]; then
    check=yes
    shift
fi
pace=--pace window='' emulator=--qemu iso='' pages='' names='' more=''
while [ $# -gt 0 ]; do
    case $1 in
    --help) cat "$here/help.txt" && exit 0 ;;
    --list) print_list && exit 0 ;;
    --step) pace=--step ;;
    --fast) pace= ;;
    --gui) window=yes ;;
    --qemu | --bochs) emulator=$1 ;;
    --log | --verbose) more="$more $1" ;;
    --timeout)
        [ $# -gt 1 ] || usage "--timeout needs a value"
        is_seconds "$2" || usage "--timeout wants seconds above 0, not '$2'"
        more="$more $1 $2"
        shift
        ;;
    --iso)
        [ $# -gt 1 ] || usage "--iso needs the name of a file"
        iso=$2
        shift
        ;;
    --pages)
        pages=$root/build/pages
        if is_folder "${2--}"; then
            pages=$2
            shift
        fi
        ;;
    -*) usage "unknown option $1" ;;
    *)
        demo_read "$1" || fail 2 "there is no demo '$1'; ./quire demo --list names them"
        names="$names $1"
        ;;
    esac
    shift
done
[ -z "$iso" ] || [ -z "$names$pages" ] || usage "--iso takes all demos, and nothing else"
[ -z "$window" ] || [ "$pace" != --step ] ||
    usage "in a window the map's keys stop and step (docs/map.md); leave out --step"
[ "$emulator$pace" != --bochs--step ] || [ -n "$window" ] ||
    usage "--step wants keys, which Bochs does not pass on; leave out --bochs"
[ "$emulator" != --bochs ] || [ -n "$window" ] || pace=
[ -n "$names" ] || names=$(demos | sed 's/ .*//')
[ -z "$check" ] || exit 0

work=$(mktemp -d "${TMPDIR:-/tmp}/quire-demo-XXXXXX") || fail 3 "cannot make a directory"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# ---- running -------------------------------------------------------------------

# run_demo NAME: sets word and number, as the runner's status file has them.
run_demo() {
    demo_read "$1"
    # shellcheck disable=SC2086 # options are meant to split
    set -- $emulator $more --mem $memory --kernel "$kernels/$kernel.elf" \
        --status "$work/status" "$programs/$1" $pace
    echo 'error 125' >"$work/status"
    if [ -n "$window" ]; then
        [ "$view" = whole ] || set -- --kernel-arg "$view" "$@"
        [ -z "$pace" ] || set -- --kernel-arg hold "$@"
        "$runner" --map "$@" --captions >/dev/null # the story is on standard error
    elif [ "$emulator" = --qemu ]; then
        "$runner" --direct --keys "$@"
    else
        "$runner" "$@"
    fi
    read -r word number <"$work/status"
}

# play NAME: until it is over, or the map's key q ends all.
play() {
    while :; do
        run_demo "$1"
        case "$word $number" in
        'exit 0') return ;;
        'exit 3') exit $worst ;;  # the key q in the terminal
        'signal 10') return ;;    # the map's key n: the next one
        'signal 12') continue ;;  # r: once more
        'signal 15') exit $worst ;; # q
        'exit '* | signal* | panic* | triple-fault*) worst=1 && return ;;
        interrupted*) exit "$number" ;;
        *) exit 3 ;;
        esac
    done
}

if [ -n "$iso" ]; then
    firmware=hybrid
    [ "$emulator" = --qemu ] || firmware=bochs
    "$here/menu.sh" $firmware "$iso" 2>"$work/menu.log" ||
        fail 3 "cannot make the boot image: $(tail -n 1 "$work/menu.log")"
    exit 0
fi

if [ -n "$pages" ]; then
    # shellcheck disable=SC2086 # names are meant to split
    "$here/pages.sh" "$pages" $names || exit 3
    printf 'quire: wrote %s/index.html; open it in a browser\n' "$pages" >&2
    exit 0
fi

# Bochs without a window cannot show dots.
if [ -n "$window" ] && [ -z "${DISPLAY-}${WAYLAND_DISPLAY-}" ]; then
    printf 'quire: there is no display to open a window on; the story is told here\n' >&2
    [ "$emulator" = --qemu ] || more="$more --kernel-arg text"
fi

worst=0
for name in $names; do
    play "$name"
    [ "$names" = " $name" ] || echo
done
exit $worst
