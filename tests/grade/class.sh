#!/bin/bash
# A class around a stand-in grader:
#
#     GRADE=quire-grade class.sh CASE
set -u
here=$(dirname -- "$(readlink -f -- "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export QUIRE_CLASS_GRADER=$here/class_grader.sh CLASS_LOG=$work/log
cd "$work" || exit 1
: >log

# A tree with a lab of one file.
mkdir -p root/labs/2-buddy root/src/pmm
echo 'int x;' >root/src/pmm/buddy.c
cat >root/labs/2-buddy/lab.toml <<'END'
number = 2
name = "2-buddy"
title = "The <buddy> allocator"
hours = "1"
files = ["src/pmm/buddy.c"]
END

cat >root/labs/2-buddy/rubric.toml <<'END'
schema = "quire-rubric/1"
[[run]]
id = "run"
program = "churn"
[[check]]
id = "first"
title = "First"
points = 90
run = "run"
property = "witness"
with = { step = 1, value = "c1" }
[[check]]
id = "second"
title = "Second"
points = 10
run = "run"
property = "private_frames_distinct"
END

mkdir root/labs/2-buddy/zoo
printf '/*\n * Misconception: Two at least.\n *\n * Fails: first, second\n */\n' >root/labs/2-buddy/zoo/twice.c
printf '/*\n * Misconception: Nobody fails so.\n *\n * Fails: third\n */\n' >root/labs/2-buddy/zoo/none.c

die() {
    printf 'FAILED: %s\n' "$*"
    cat err out 2>/dev/null
    exit 1
}

# submission NAME FIRST-LINE: a folder with the lab's files.
submission() {
    mkdir -p "class/$1/src/pmm"
    printf '%s\n' "$2" >"class/$1/src/pmm/buddy.c"
}

# class STATUS ARGUMENT...: grade it, and end like this.
class() {
    expected=$1
    shift
    "$GRADE" grade-class --root root --lab 2 -o out-class --cache cache "$@" class >out 2>err
    status=$?
    [ "$status" = "$expected" ] || die "status $status instead of $expected"
}

# cell NAME COLUMN: a cell of class.csv.
cell() {
    awk -F, -v name="$1" -v title="$2" '{ sub(/\r$/, "") }
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == title) column = i }
        $1 == name { print $column }' out-class/class.csv
}

# is NAME COLUMN VALUE
is() {
    [ "$(cell "$1" "$2")" = "$3" ] || die "$1: $2 is '$(cell "$1" "$2")', not '$3'"
}

graded_times() {
    grep -c "^$1" log
}

case_outcomes() {
    submission ann 'points 90'
    submission bob 'points 40'
    submission cid hang
    submission dan crash
    submission eve 'points 60'
    mkdir -p class/fay && echo x >class/fay/notes.txt
    mkdir zip && cp -r class/bob zip/ && tar -C zip/bob -czf class/gus.tar.gz src
    ln -s /etc/passwd class/fay/link
    submission 'mal "<b>,' 'points 10'
    mv class/bob class/bob.git # as a bare repository is called
    class 3 --wall 2
    is ann points 100 && is bob points 40 && is eve points 70 && is gus points 40
    is cid status could-not-be-graded && is cid points '' && is cid error 'grading did not end within 2 s'
    is dan error 'the grader gave no result; see log.txt'
    [ "$(wc -l <out-class/results.jsonl)" = 8 ] || die 'not eight results'
    grep -q '4 lost points, 3 could not be graded' out || die 'the summary is wrong'
    jq -e '.status == "graded" and .submission.name == "gus"' out-class/gus/result.json >/dev/null ||
        die 'gus has no result of its own'
    page=out-class/class.html
    ! grep -q -e '<script' -e 'First & <i>' -e 'http:' -e '"<b>' "$page" || die 'text is not escaped'
    grep -q '&lt;script&gt;' "$page" && grep -q 'Could not be graded' "$page" && grep -q 'class=hist' "$page" &&
        grep -q 'none of the lab' "$page" || die 'the page lacks something'
    grep -q '<td class=n>4<td>Frame [0-9]* went to &lt;script' "$page" ||
        die 'messages that differ in numbers are one'
    grep -q '<td class="cell failed" title="Second: Blocks were not merged.">' "$page" ||
        die 'nobody sees who failed what'
    grep -q '<a href="./mal%20%22%3cb%3e%2c/log.txt">mal &quot;&lt;b&gt;,</a>' "$page" ||
        die 'a link to the report is wrong'
    [ "$(find out-class -name log.txt | wc -l)" = 8 ] || die 'a link leads nowhere'
    grep -q 'could not be graded: .*buddy.c' out-class/fay/log.txt || die 'the log of fay says not why'
    grep -q 'What they may be thinking.*Two at least.*twice.c.*ann' "$page" ||
        die 'no misconception is named'
    ! grep -q 'Nobody fails so' "$page" || die 'a misconception too many'
    grep -q '^cid' log || die 'cid was not tried'
    "$here/../nobody_left.sh" "$work" || die 'graders outlive the command'
    [ ! -e out-class/ann/work ] || die 'the work folder is left'
    ! grep -q out-class out-class/*/log.txt && grep -q ' build/grade/lab-2/traces/run' out-class/ann/log.txt ||
        die "a log leads to a folder that is gone: $(cat out-class/ann/log.txt)"
}

case_all_full() {
    submission ann 'points 90'
    class 0
}

case_cache() {
    submission ann 'points 50'
    submission bob 'points 50'
    submission cid 'points 51'
    class 1 --seed 5 --jobs 3
    [ "$(wc -l <log)" = 2 ] || die "graded $(wc -l <log) times instead of 2"
    is bob points 50
    for name in ann bob cid; do [ -e "out-class/$name/log.txt" ] || die "the link to $name is dead"; done
    rm -r out-class
    class 1 --seed 5
    grep -q '^lab 2, .*/class/ann$' out-class/ann/log.txt && grep -q 'Blocks were not' out-class/ann/log.txt &&
        grep -q '^50 of 100 points' out-class/ann/log.txt || die "no report: $(cat out-class/ann/log.txt)"
    [ "$(wc -l <log)" = 2 ] || die 'the cache was not used'
    rm -r out-class
    class 1 --seed 6
    [ "$(wc -l <log)" = 4 ] || die 'another seed is another verdict'
}

case_resume() {
    for i in $(seq -w 20); do submission "s$i" "points $((10#$i + 10))"; done
    CLASS_DELAY=0.3 "$GRADE" grade-class --root root --lab 2 -o out-class --jobs 2 --cache cache class \
        >out 2>err &
    pid=$!
    while [ "$(find out-class -name result.json 2>/dev/null | wc -l)" -lt 5 ]; do sleep 0.05; done
    kill -9 "$pid"
    wait "$pid" 2>/dev/null
    "$here/../nobody_left.sh" "$work/class/" || die 'graders outlive the command'
    [ ! -e out-class/class.csv ] || die 'the reports came too early'
    before=$(find out-class -name key | wc -l)
    [ "$before" -lt 20 ] || die 'nothing is left to do'
    seed=$(jq .seed out-class/plan.json)
    class 1
    [ "$(jq .seed out-class/plan.json)" = "$seed" ] || die 'the seed changed'
    [ "$(grep -c ': kept$' err)" -ge "$before" ] || die 'finished ones were graded again'
    for i in $(seq -w 20); do is "s$i" points $((10#$i + 10)); done
    : >log
    class 1
    [ ! -s log ] || die 'all was done, and yet something was graded'
    submission s03 'points 99'
    class 1
    [ "$(cat log)" = 's03 ' ] || die "a changed submission, and only that, is graded again: $(cat log)"
    # shellcheck disable=SC2100
    is s03 points 109
}

case_only() {
    submission ann 'points 70'
    submission bob 'points 30'
    class 1
    : >log
    CLASS_BONUS=4 class 1 --only second
    [ "$(sort log | tr '\n' ,)" = 'ann second,bob second,' ] || die "log: $(cat log)"
    class 3 --only seconds
    grep -q "no check seconds" err || die 'an unknown check is not told'
    is ann points 74 && is ann first 70 && is ann second 4 && is bob points 30
}

# rubric POINTS [NAME POINTS]...: these points for the second check, and more of its kind.
rubric() {
    sed "s/points = 10/points = $1/" first.toml
    while [ $# -gt 1 ]; do
        printf '[[check]]\nid = "%s"\ntitle = "%s"\npoints = %s\n' "$2" "$2" "$3"
        printf 'run = "run"\nproperty = "private_frames_distinct"\n'
        shift 2
    done
}

case_only_rubric() {
    rubric=root/labs/2-buddy/rubric.toml
    cp "$rubric" first.toml
    submission ann 'points 70'
    submission bob 'points 90'
    class 1

    echo 'a new check'
    rubric 6 third 4 >"$rubric"
    CLASS_THIRD=third class 1 --only third
    is bob points 100 && is bob max 100 && is bob first 90 && is bob second 6 && is bob third 4
    is ann points 80 && is ann third 4
    grep -q First out-class/ann/log.txt || die 'the log has only the new check'
    : >log
    CLASS_THIRD=third CLASS_BONUS=6 CLASS_MAX=6 class 1
    [ "$(sort log | tr '\n' ,)" = 'ann ,bob ,' ] || die "a mixture is not graded again: $(cat log)"

    echo 'it has gone, and another has a new name'
    sed 's/second/other/' first.toml >"$rubric"
    CLASS_SECOND=other class 1 --only other
    is bob points 100 && is bob max 100 && is bob other 10
    ! grep -q -e second -e third out-class/class.csv || die 'a check too many'

    echo 'points moved'
    sed 's/points = 90/points = 80/; s/points = 10/points = 20/' first.toml >"$rubric"
    CLASS_BONUS=20 CLASS_MAX=20 class 1 --only second
    is bob points 100 && is bob max 100 && is bob first 80 && is bob second 20

    echo 'as at first: the mixture must not count as that'
    cp first.toml "$rubric"
    : >log
    class 1
    [ ! -s log ] || die 'the cache was not used'
    is bob first 90 && is bob second 10

    echo 'two new ones, and one of them was asked for: all of it'
    rubric 3 third 4 fourth 3 >"$rubric"
    CLASS_CRASH=all class 3 --only third
    is bob points 100 && grep -q 'not graded again: bob' out || die 'bob has lost his verdict'
    : >log
    CLASS_THIRD=third class 1 --only third
    [ "$(sort log | tr '\n' ,)" = 'ann ,bob ,' ] || die "log: $(cat log)"
}

case_only_lost() {
    submission ann 'points 70'
    submission bob 'points 90'
    class 1
    CLASS_CRASH=second class 3 --only second
    is ann points 80 && is bob points 100 && is ann status graded
    grep -q 'bob: could not be graded again' err || die 'not told while it runs'
    grep -q '^not graded again: ann: the grader gave no result; see log.txt$' out || die 'no reason is told'
    : >log
    class 1
    [ ! -s log ] || die 'what nothing happened to was graded again'
    ! grep -q 'graded again' out || die 'what is past is told again'
    echo 'what was handed in since then is graded whole'
    submission ann 'points 71'
    class 1 --only second
    [ "$(sort log | tr '\n' ,)" = 'ann ,bob second,' ] || die "log: $(cat log)"
    is ann points 81 && is bob points 100
}

# What the staff lends may be missing.
case_staff() {
    sed -i 's|^files = .*|files = ["src/pmm/buddy.c", "src/vm/map.c"]|' root/labs/2-buddy/lab.toml
    mkdir root/src/vm
    echo 'int y;' >root/src/vm/map.c
    submission ann 'points 90'
    class 3
    is ann status could-not-be-graded
    class 0 --staff vm
    is ann status graded
    class 2 --staff vm,bogus
    grep -q "takes some of pmm,vm, not 'vm,bogus'" err || die 'the modules are not named'
}

case_late() {
    submission ann 'points 90'
    submission bob 'points 90'
    submission cid 'points 90'
    submission dan 'points 90'
    cat >dates.csv <<'END'
name,submitted,due
ann,2026-03-01 23:00,2026-03-01 23:59
bob,2026-03-02 00:10,2026-03-01 23:59
cid,2026-03-20,2026-03-01T23:59
END
    class 0 --dates dates.csv --late 10%/day
    is ann final 100.00 && is bob final 90.00 && is bob penalty 10% && is cid final 0.00
    is bob points 100 && is dan final 100.00
    jq -e '.late == {submitted: "2026-03-02 00:10", due: "2026-03-01 23:59", penalty: 0.1, final: 90} and
        .points == 100' out-class/bob/result.json >/dev/null || die "bob's result does not say so"
    jq -e '.late.final == 0' out-class/cid/result.json >/dev/null || die "cid's result does not say so"
    jq -e 'has("late") | not' out-class/ann/result.json >/dev/null || die 'ann is not late'
    jq -se 'map(has("late")) == [false, true, true, false]' out-class/results.jsonl >/dev/null || die 'results.jsonl'
    grep -q '>90.00<' out-class/class.html || die 'the page lacks the penalty'
    class 3 --dates dates.csv --late lots
    grep -q 'like 10%/day' err || die 'a wrong policy is not told'
    class 0 --dates dates.csv --late 3.333%/day
    jq -e '.late.final == 96.67' out-class/bob/result.json >/dev/null || die 'no cents'
    grep -q '"final": 96.67$' out-class/bob/result.json || die 'cents of cents'
    class 0
    [ "$(cat out-class/*/result.json | jq -s 'map(select(has("late"))) | length')" = 0 ] || die 'it stays late'
    echo 'ann,soon,2026-03-01' >>dates.csv
    class 3 --dates dates.csv
    grep -q 'line 5' err || die 'a wrong date is not told'
}

case_usage() {
    mkdir class
    class 3
    grep -q 'no submission is in' err || die 'an empty folder is not told'
    "$GRADE" grade-class class 2>err
    [ $? = 2 ] || die 'no lab is no usage error'
    class 2 --engine cluster
    class 2 --jobs 0
    class 2 --late 10%/day
    submission ann 'points 70'
    mkdir -p other && ln -s ../class other/link
    for out in class class/ ./class/results class/ann class/new/results . .. "$work/class" other/link other/link/new; do
        "$GRADE" grade-class --root root --lab 2 -o "$out" class >out 2>err
        [ $? = 2 ] || die "results in $out"
        [ "$(wc -l <err)" = 1 ] && grep -q 'apart from the submissions' err || die "not told why not in $out"
        [ "$(find class -type f | wc -l)" = 1 ] || die "something is in $out"
    done
    class 1 -o class-2
    class 1 -o other/new/one
    rm -r class class-2
    class 3
    cp -r root class
    class 3
    grep -q 'is one submission: ./quire grade --lab 2 class' err || die 'a submission as a class'
}

"case_$1"
