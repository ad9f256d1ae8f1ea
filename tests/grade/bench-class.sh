#!/bin/bash
# How long a class takes: COUNT different submissions of one lab, right ones, wrong ones of
# the bug zoo, and starters, graded with an empty cache of verdicts.
#
#     tests/grade/bench-class.sh [LAB [COUNT [OPTION OF GRADE-CLASS...]]]    default: 7 100
#
# Prints wall time and, where cgroups can be made (as root), the processors' time: wall time
# means something on an idle machine only. The aim: 100 in 600 s on two cores, that is 12 s
# of processor each. Run ./quire test -- -N first, so that everything is built.
set -eu
lab=${1-7} count=${2-100}
shift $(($# < 2 ? $# : 2))
tree=$(readlink -f -- "$(dirname -- "$0")/../..")
tools=$tree/build/host/tools
work=$(mktemp -d)
group=
finish() {
    [ -z "$group" ] || rmdir "$group"
    rm -rf "$work"
}
trap finish EXIT

# The right one, and where a third of a class usually is, besides one of everything.
bodies=('' starter)
for file in "$tree"/labs/"$lab"-*/zoo/*.[cS] "$tree"/labs/"$lab"-*/odd/*.[cS]; do
    [ ! -e "$file" ] || bodies+=("$file" '')
done

mkdir "$work/class"
for i in $(seq "$count"); do
    kind=${bodies[$(((i - 1) % ${#bodies[@]}))]}
    folder=$work/class/$(printf %03d "$i")
    if [ "$kind" = starter ]; then
        "$tools/lab/quire-lab" new "$lab" "$folder" >/dev/null 2>&1
    else
        mkdir "$folder"
        "$tree/build/host/tests/labs/cheat_make" "$tree" "$kind" "$folder" "$lab" >/dev/null
    fi
    # Whose it is makes it another one; nothing else does.
    find "$folder/src" -name '*.[cS]' -exec sh -c 'printf "/* %s */\n" "$0" >>"$1"' "$i" {} \;
done

mount=$(findmnt -n -t cgroup2 -o TARGET | head -n 1)
if mkdir "$mount/quire-bench-$$" 2>/dev/null; then
    group=$mount/quire-bench-$$
fi
begin=$(date +%s.%N)
status=0
(
    [ -z "$group" ] || echo "$BASHPID" >"$group/cgroup.procs"
    exec "$tools/grade/quire-grade" grade-class --lab "$lab" -o "$work/graded" --cache "$work/cache" "$@" \
        "$work/class"
) >"$work/out" 2>"$work/err" || status=$?
end=$(date +%s.%N)
tail -n 1 "$work/out"
[ "$status" = 1 ] || { cat "$work/err" "$work/out" && exit 1; }
awk -v begin="$begin" -v end="$end" -v count="$count" \
    'BEGIN { printf "wall time  %7.1f s, %5.2f s each\n", end - begin, (end - begin) / count }'
[ -z "$group" ] || awk -v count="$count" '/^usage_usec/ { printf "processors %7.1f s, %5.2f s each\n",
    $2 / 1e6, $2 / 1e6 / count }' "$group/cpu.stat"
[ -z "${KEEP-}" ] || cp -r "$work/graded" "$KEEP"
