#!/bin/sh
# Each format of one result against its golden file, and by a parser that is not ours.
#
#     export.sh QUIRE-EXPORT [--write]     --write renews the golden files
set -eu
export=$1
here=$(dirname "$0")
golden=$here/golden
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SOURCE_DATE_EPOCH=1767225600 CLASSROOM=os ASSIGNMENT=lab-7 SUBMISSION_TAG=submit/1 \
    COMMIT_URL=commit RELEASE_URL=release REVIEW_URL=review
status=0

fail() {
    echo "FAILED: $*"
    status=1
}

# one NAME ARGUMENT...: the command's output is golden/NAME
one() {
    name=$1
    shift
    "$export" "$@" >"$work/$name" || fail "$name: exit $?"
    if [ "${write-}" = --write ]; then
        cp "$work/$name" "$golden/$name"
    else
        diff -u "$golden/$name" "$work/$name" || fail "$name differs from its golden file"
    fi
}

# refused WORDS ARGUMENT...: exit 2 or 3, one line with these words, nothing on standard output
refused() {
    words=$1
    shift
    if "$export" "$@" >"$work/out" 2>"$work/err"; then
        fail "accepted: $*"
    fi
    [ ! -s "$work/out" ] || fail "wrote something: $*"
    [ "$(wc -l <"$work/err")" = 1 ] || fail "not one line: $*"
    grep -q -- "$words" "$work/err" || fail "no '$words' in: $(cat "$work/err")"
}

# notes WORDS ARGUMENT...: exit 0, and standard error says these words ("": nothing)
notes() {
    words=$1
    shift
    "$export" "$@" >"$work/out" 2>"$work/err" || fail "refused: $*: $(cat "$work/err")"
    if [ "$words" ]; then
        grep -q -- "$words" "$work/err" || fail "no '$words' in: $(cat "$work/err")"
    else
        [ ! -s "$work/err" ] || fail "said of $*: $(cat "$work/err")"
    fi
}

write=${2-}
one gradescope.json gradescope "$golden/result.json"
one autolab.txt autolab "$golden/result.json"
one classroom50.json classroom50 "$golden/result.json"
one prairielearn.json prairielearn "$golden/result.json"
one prairielearn_not_graded.json prairielearn "$golden/not_graded.json"
one junit.xml junit "$golden/result.json" "$golden/not_graded.json"
one canvas.csv canvas "$golden/not_graded.json" "$golden/result.json"
one canvas_roster.csv canvas --roster "$golden/roster.csv" --column 'Lab 7 (4711)' \
    "$golden/result.json" "$golden/not_graded.json"
one moodle.csv moodle --domain school.example "$golden/result.json" "$golden/not_graded.json"
/usr/bin/python3 "$here/export_check.py" "$work" || fail "a parser does not accept a format"

"$export" gradescope - <"$golden/result.json" | cmp -s - "$golden/gradescope.json" ||
    fail "standard input"
# Late: a grade book gets what is left of the points.
sed 's/"points": 12,/"points": 12, "late": { "final": 10.8 },/' "$golden/result.json" >"$work/late.json"
"$export" canvas "$work/late.json" | grep -q '^alice,.*,10.8$' || fail 'Canvas: late'
"$export" moodle --domain school.example "$work/late.json" >"$work/late.csv" || fail 'Moodle: late'
grep -q '^alice@school.example,10.8,"\?Handed in late: 10.8 of the 12 points count' "$work/late.csv" ||
    fail "Moodle: late: $(head -n 2 "$work/late.csv")"
sed 's/"final": 10.8/"final": 12.5/' "$work/late.json" >"$work/later.json"
refused 'late, and no final points' canvas "$work/later.json"

# A hidden check that could not be judged is not named either.
sed 's/"status": "graded"/"status": "could-not-be-graded"/
     s/"error": null/"error": "secret: the judge died of HIDDEN"/' "$golden/result.json" >"$work/died.json"
for format in prairielearn junit moodle; do
    "$export" "$format" "$work/died.json" >"$work/out"
    grep -q 'a hidden check could not be judged' "$work/out" || fail "$format: no reason"
    if grep -q 'secret\|HIDDEN' "$work/out"; then fail "$format tells a hidden check"; fi
done
for format in gradescope autolab classroom50; do
    refused 'no grade of zero' "$format" "$golden/not_graded.json"
done
refused 'no such format' canvass "$golden/result.json"
refused 'wants a format' canvas
refused 'one result' gradescope "$golden/result.json" "$golden/result.json"
refused 'No such file' canvas "$work/none.json"
sed 's/alice/nobody/' "$golden/result.json" >"$work/nobody.json"
refused "nobody" canvas --roster "$golden/roster.csv" "$work/nobody.json"
# A number is Canvas' own, and must be in its book; a title may be that of a new assignment.
refused "no column 'Lab 7 (4712)'" canvas --roster "$golden/roster.csv" --column 'Lab 7 (4712)' \
    "$golden/result.json"
notes "no column 'Lab 8'.* new assignment" canvas --roster "$golden/roster.csv" --column 'Lab 8' \
    "$golden/result.json"
notes 'new assignment' canvas --roster "$golden/roster.csv" "$golden/result.json"
notes '' canvas --roster "$golden/roster.csv" --column 'Lab 7 (4711)' "$golden/result.json"
notes '' canvas --roster "$golden/roster.csv" --column 'Lab 7' "$golden/result.json"
grep -q 'Section,Lab 7 (4711)' "$work/out" || fail "the column is not named as in the book"
refused 'columns Student and ID' canvas --roster "$golden/moodle.csv" "$golden/result.json"
printf '{"schema":"quire-result/2"}' >"$work/two.json"
refused 'quire-result/2' junit "$work/two.json"
sed 's/"points": 10, "max": 10/"points": 11, "max": 10/' "$golden/result.json" >"$work/more.json"
refused '11 of 10' junit "$work/more.json"
head -c 200 "$golden/result.json" >"$work/cut.json"
refused 'line ' junit "$work/cut.json"
exit $status
