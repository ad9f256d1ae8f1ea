#!/bin/bash
# record_cost.sh PROGRAM...: what recording costs, in seconds of CPU time: the
# least of several runs each, as other work on the host only adds. At most 25 %
# more than the same machine without the recorder.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
TIMEFORMAT='%U %S'

# seconds OPTION...: of one run.
seconds() {
    { time timeout -s KILL 120 "$TRACE" record --kernel "$QUIRE" "$@" >/dev/null 2>&1 </dev/null; } 2>&1 |
        awk '{ print $1 + $2 }'
}

least() {
    printf '%s\n' "$@" | sort -n | head -n 1
}

for program; do
    plain=999 recorded=999
    for ((round = 1; round <= 8; round++)); do
        plain=$(least "$plain" "$(seconds --plain "$PROGRAMS/$program")")
        recorded=$(least "$recorded" "$(seconds -o "$work/trace" "$PROGRAMS/$program")")
        ratio=$(awk "BEGIN { printf \"%.2f\", $recorded / $plain }")
        if [ "$round" -ge 3 ] && awk "BEGIN { exit !($ratio <= 1.25) }"; then
            break
        fi
    done
    echo "$program: $plain s without, $recorded s with the recorder: $ratio"
    awk "BEGIN { exit !($ratio <= 1.25) }" || failed=1
done
exit $failed
