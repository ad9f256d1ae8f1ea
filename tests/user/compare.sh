#!/bin/sh
# Run a program on this machine's Linux and on Quire; standard output, standard
# error and exit status must be equal:
#
#     compare.sh [OPTION...] PROG [ARG...]
#
#     -r OPTION   an option for quire-run, as in -r --bochs (repeat for more)
#     -e K=V      a variable for the program's environment (repeat for more)
#     -f FILE     a file beside the program, by its name here; FILE=PATH: elsewhere
#     -i FILE     standard input (default: empty)
#     -g FILE     expected standard output, instead of a run on Linux
#     -x N        expected exit status with -g (default 0)
#     -t S        time limit on Quire in seconds (default 60)
#
# QUIRE_RUN names the runner (default: build/host/tools/run/quire-run). On Linux
# the program runs without privileges, in a directory of its own.
set -eu

# Descriptors that CTest leaves open would reach the program.
exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-

root=$(cd "$(dirname "$0")/../.." && pwd)
runner=${QUIRE_RUN:-$root/build/host/tools/run/quire-run}
limit=60 status_wanted=0 golden='' input=/dev/null
work=$(mktemp -d "${TMPDIR:-/tmp}/quire-compare-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/dir"
: >"$work/run-options"
: >"$work/environment"

# Lists are kept as files of lines, which sh can quote: no option holds a newline.
while getopts r:e:f:i:g:x:t: option; do
    case $option in
    r) printf '%s\n' "$OPTARG" >>"$work/run-options" ;;
    e)
        printf '%s\n' --env "$OPTARG" >>"$work/run-options"
        printf '%s\n' "$OPTARG" >>"$work/environment"
        ;;
    f)
        from=${OPTARG%%=*} to=${OPTARG#*=}
        [ "$from" != "$OPTARG" ] || to=./$(basename "$from")
        printf '%s\n' --file "$from=$to" >>"$work/run-options"
        case $to in /*) ;; *) cp "$from" "$work/dir/$to" ;; esac
        ;;
    i) input=$OPTARG ;;
    g) golden=$OPTARG ;;
    x) status_wanted=$OPTARG ;;
    t) limit=$OPTARG ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))
program=$1
shift
name=$(basename "$program")
cp "$program" "$work/dir/$name"
chmod -R a+rX "$work"
chmod 755 "$work/dir/$name"

# Put the lines of a file before the arguments: with_lines FILE COMMAND...
with_lines() {
    lines=$1
    shift
    count=$#
    while IFS= read -r line; do
        set -- "$@" "$line"
    done <"$lines"
    # Rotate: what was appended comes first.
    while [ "$count" -gt 0 ]; do
        first=$1
        shift
        set -- "$@" "$first"
        count=$((count - 1))
    done
    "$prefix" "$@"
}

run_host() {
    set -- env -i "$@"
    if [ "$(id -u)" -eq 0 ]; then
        set -- setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
    fi
    # In the background, for there the shell does not name the signal that killed it.
    timeout -s KILL 60 prlimit --stack=8388608 --nofile=1024 --core=0 "$@" \
        <&4 4<&- 2>&3 3>&- &
    wait $! 2>/dev/null
}

host_side() {
    cd "$work/dir"
    prefix=run_host
    # Through cat, so that orphans are waited for as well.
    {
        {
            status=0
            with_lines "$work/environment" "./$name" "$@" 4<"$input" || status=$?
            echo "$status" >"$work/host.status"
        } | cat >"$work/host.out" 3>&-
    } 3>&1 | cat >"$work/host.err"
}

run_quire() {
    "$runner" --timeout "$limit" "$@"
}

quire_side() {
    cd "$work/dir"
    prefix=run_quire
    status=0
    with_lines "$work/run-options" "./$name" "$@" \
        <"$input" >"$work/quire.out" 2>"$work/quire.err" || status=$?
    echo "$status" >"$work/quire.status"
}

case $input in /*) ;; *) input=$PWD/$input ;; esac
if [ -n "$golden" ]; then
    cp "$golden" "$work/host.out"
    : >"$work/host.err"
    echo "$status_wanted" >"$work/host.status"
else
    (host_side "$@")
fi
(quire_side "$@")

failed=0
for part in out err status; do
    diff -a -u --label "Linux: $part" --label "Quire: $part" \
        "$work/host.$part" "$work/quire.$part" || failed=1
done
exit $failed
