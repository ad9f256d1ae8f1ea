#!/bin/sh
# What the grader says of solutions whose quality is known:
#
#     zoo.sh LAB wrong FILE          a file of zoo/: exactly the checks of its Fails line fail,
#                                    or some of its Perhaps line besides: what a stale
#                                    translation destroys is chance
#     zoo.sh LAB right FILE          a file of odd/: full points
#     zoo.sh LAB reference SEED...   the tree's own solution: full points, with each seed
#     zoo.sh LAB seeds SEED...       the same for its machines alone, without the host tests
#     zoo.sh LAB starter             all functions blanked: no points
#     zoo.sh LAB blank FUNCTION      one function blanked: points are lost, and only by checks
#
# GRADE is quire-grade, WORK a folder for this test alone, BASE one that keeps what the
# gradings of one lab, compiler and flags have in common.
set -eu

lab=$1 kind=$2
shift 2
rm -rf "$WORK"
mkdir -p "$WORK"
result=$WORK/result.json

complain() {
    echo "$*"
    jq -r '"\(.points) of \(.max) points, \(.status)", (.error // empty),
        (.checks[] | select(.status != "passed") | "\(.status) \(.id): \(.message // "")")' \
        "$result" 2>/dev/null || true
    exit 1
}

# grade STATUS... -- OPTION...: grade, and end with one of these statuses.
grade() {
    wanted=
    while [ "$1" != -- ]; do
        wanted="$wanted $1"
        shift
    done
    shift
    got=0
    "$GRADE" grade --lab "$lab" --reference --work "$BASE" --json "$result" "$@" \
        >"$WORK/report" 2>&1 </dev/null || got=$?
    case "$wanted " in
    *" $got "*) ;;
    *)
        tail -n 30 "$WORK/report"
        complain "status $got, not$wanted"
        ;;
    esac
}

# field NAME FILE: what the head comment says behind NAME:, on one line.
field() {
    awk -v name="$1:" '
        { sub(/^ \*\/?/, ""); sub(/^ /, "") }
        /^$/ || /^[A-Z][a-z]*: / { on = 0 }
        index($0, name) == 1 { on = 1; $0 = substr($0, length(name) + 2) }
        on { printf "%s%s", sep, $0; sep = " " }
        /^\/\*/ { next }
        NR > 1 && /\*\// { exit }' "$2"
}

full_points() {
    [ "$(jq '.points == .max and .max == 100' "$result")" = true ] || complain "not all points"
}

wrong() {
    field Fails "$1" | tr -d ' ' | tr ',' '\n' | sort >"$WORK/wanted"
    field Perhaps "$1" | tr -d ' ' | tr ',' '\n' | sort >"$WORK/perhaps"
    [ -s "$WORK/wanted" ] || complain "$1 has no Fails line"
    grade 1 -- --machines-only --bodies "$1"
    jq -r '.checks[] | select(.status == "failed") | .id' "$result" | sort |
        comm -23 - "$WORK/perhaps" >"$WORK/failed"
    if ! diff -u "$WORK/wanted" "$WORK/failed"; then
        complain "other checks failed than those that must"
    fi
}

right() {
    compiler=$(field Compiler "$1") flags=$(field Flags "$1")
    set -- -- --bodies "$1"
    [ -z "$compiler" ] || set -- "$@" --compiler "$compiler"
    [ -z "$flags" ] || set -- "$@" --flags "$flags"
    grade 0 "$@"
    full_points
}

case $kind in
wrong) wrong "$1" ;;
right) right "$1" ;;
reference)
    for seed; do
        grade 0 -- --seed "$seed"
        full_points
    done
    ;;
seeds)
    for seed; do
        grade 0 -- --machines-only --seed "$seed"
        full_points
    done
    ;;
starter)
    grade 1 -- --blank all
    [ "$(jq '.points' "$result")" = 0 ] || complain "points for nothing"
    ;;
blank)
    grade 1 -- --machines-only --blank "$1"
    [ "$(jq '.points < .max' "$result")" = true ] || complain "$1 is not missed"
    ;;
*) complain "zoo.sh: $kind is unknown" ;;
esac
