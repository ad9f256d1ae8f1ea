#!/bin/bash
# Whole gradings of a small rubric for lab 2: a right solution, and those that do not
# compile, hang, panic, triple-fault, or are not there; each with the verdict and the
# exit status. Failed and could-not-be-graded are never mixed up.
#
#     grade.sh SOURCE-TREE QUIRE-GRADE
set -eu

source=$1 grade=$2
here=$source/tests/grade
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

# A tree with one lab, of whose host tests one is enough.
mkdir -p "$root/tests" "$root/tools/grade" "$root/labs" "$root/bodies"
cp "$source/CMakeLists.txt" "$source/CMakePresets.json" "$root"
cp -r "$source/src" "$source/toolchain" "$root"
cp -r "$source/tests/host" "$source/tests/sim" "$root/tests"
cp -r "$source/tools/grade/host_tests" "$root/tools/grade"
cp -r "$source/labs/include" "$source/labs/2-buddy" "$root/labs"
rm -f "$root/labs/2-buddy/hidden.toml" "$root/labs/2-buddy/answers.toml"
sed -i 's/^host_tests.*/host_tests = ["pmm_test"]/' "$root/labs/2-buddy/lab.toml"
cp "$here/grade_rubric.toml" "$root/labs/2-buddy/rubric.toml"

# run STATUS OPTION...: grade, with the output in out and the result in result.json.
run() {
    local want=$1 got=0
    shift
    "$grade" grade --root "$root" --json "$root/result.json" "$@" >"$root/out" 2>&1 || got=$?
    if [ "$got" != "$want" ]; then
        cat "$root/out"
        echo "grade $*: exit status $got, not $want"
        exit 1
    fi
}

check() {
    python3 "$here/grade_check.py" "$source/docs/result.schema.json" "$root/result.json" "$1"
}

says() {
    grep -qF -- "$1" "$root/out" || {
        cat "$root/out"
        echo "the report does not say: $1"
        exit 1
    }
}

# body NAME CODE: a bodies file that replaces free_list_push.
body() {
    printf '/*\n * Misconception: none.\n *\n * Fails: end\n */\n%s\n{\n    %s\n}\n' \
        'static void free_list_push(uint32_t number, unsigned order)' \
        "(void)number; (void)order; $2" >"$root/bodies/$1.c"
}

echo 'right, and the same again'
run 0 --reference
check 'r["points"] == 100 and r["status"] == "graded" and r["host_tests"][0]["status"] == "passed"'
check 'r["submission"]["unwritten"] == []'
mv "$root/result.json" "$root/first.json"
run 0 --reference --work "$root/elsewhere"
cmp "$root/first.json" "$root/result.json"
run 0 --reference --seed 7
check 'r["seed"] == 7 and r["machines"][0]["seed"] != 7'

echo 'does not compile'
body nocompile 'int x = nowhere;'
run 1 --bodies "$root/bodies/nocompile.c"
check 'r["points"] == 0 and r["status"] == "graded" and r["build"]["status"] == "failed"'
says "src/pmm/buddy.c:"
says "'nowhere' undeclared"

echo 'hangs'
body hang 'for (;;) ;'
run 1 --bodies "$root/bodies/hang.c"
check 'r["points"] == 0 and r["status"] == "graded" and r["machines"][0]["end"] == "ticks"'
check 'status == {"end": "failed", "private": "skipped"} and "did not come to an end" in message["end"]'
says 'goes round in'
says 'machine "churn" did not end as it should'
says 'The program comes to its last step (end)'
says 'No frame is in two private writable places (private)'

echo 'panics'
run 1 --blank all
check 'r["points"] == 0 and r["status"] == "graded" and "gave up" in message["end"]'
says 'is yours to write'
check '"(Not written yet: free_list_push, " in message["end"] and "not written" not in message["private"]'
check '"put_locked" in r["submission"]["unwritten"]'
says 'hint    Which frame'
says 'look    ./quire trace '

echo 'triple-faults'
body triple 'struct { uint16_t l; uint64_t b; } __attribute__((packed)) z = { 0, 0 };
    __asm__ volatile("lidt %0; ud2" ::"m"(z));'
run 1 --bodies "$root/bodies/triple.c"
check 'r["points"] == 0 and r["machines"][0]["end"] == "triple-fault"'

echo 'loses count: one check fails, with the history of the entry'
run 1 --bodies "$source/labs/2-buddy/zoo/count-not-raised.c"
check 'status == {"end": "passed", "private": "failed"} and r["points"] == 60'
check 'any("PTE" in line and "src/vm/" in line for line in r["checks"][1]["evidence"])'
says 'page    ./quire view --at '
says 'before  tick '
says ' build/grade/lab-2/traces/churn/churn.trace'
mv "$root/result.json" "$root/first.json"
run 1 --bodies "$source/labs/2-buddy/zoo/count-not-raised.c" --all --work "$root/other"
cmp "$root/first.json" "$root/result.json"
says " $root/other/traces/churn/churn.trace"

echo 'beside the reference'
mkdir "$root/labs/2-buddy/reference"
cp "$root/elsewhere/traces/churn/churn.trace" "$root/labs/2-buddy/reference"
run 1 --bodies "$source/labs/2-buddy/zoo/count-not-raised.c"
says "machine \"churn\" beside the reference's"
says 'they part in '
says 'this machine '
! grep -q 'their \|  A  ' "$root/out" || exit 1
rm -r "$root/labs/2-buddy/reference"

echo 'a folder as a submission; what is missing cannot be graded'
mkdir -p "$root/hand-in/src"
cp -r "$root/src/pmm" "$root/hand-in/src"
run 0 "$root/hand-in"
check 'r["submission"]["name"] == "hand-in" and len(r["submission"]["files"]) == 3 and r["seed"] > 2**32'
rm "$root/hand-in/src/pmm/buddy.c"
run 3 "$root/hand-in"
check 'r["status"] == "could-not-be-graded" and "buddy.c" in r["error"] and r["checks"] == []'

echo 'a host test stops the grading of the own tree, unless told otherwise'
cp "$root/src/pmm/buddy.c" "$root/saved"
sed -i 's/f->count = 0;/f->count = 1;/' "$root/src/pmm/buddy.c"
run 1
check 'r["host_tests"][0]["status"] == "failed" and set(status.values()) == {"skipped"}'
check 'r["machines"] == []'
run 0 --all
check 'len(r["machines"]) == 2 and r["points"] == 100'
cp "$root/saved" "$root/src/pmm/buddy.c"

echo 'gradings in one folder take turns'
: >"$root/out"
(
    flock 9
    touch "$root/elsewhere/taken"
    for _ in $(seq 600); do
        ! grep -q 'waiting for its end' "$root/out" 2>/dev/null || break
        sleep 0.1
    done
) 9>"$root/elsewhere/lock" &
until [ -e "$root/elsewhere/taken" ]; do sleep 0.1; done
run 0 --reference --check end --work "$root/elsewhere"
says 'waiting for its end'
wait

echo 'one check alone'
run 0 --reference --check end
check 'r["max"] == 60 and list(status) == ["end"]'
run 3 --reference --check nosuch
says "labs/2-buddy/rubric.toml lists them"

echo 'modules of the staff are modules'
run 2 --staff pmm,bogus "$root/hand-in"
says "kern,lib,pmm,sched,show,vm, not 'pmm,bogus'"

# answers TEXT...: of the hand-in, line by line.
answers() {
    mkdir -p "$root/hand-in/labs/2-buddy"
    printf '%s\n' "$@" >"$root/hand-in/labs/2-buddy/answers.toml"
}

echo 'answers that cannot be read say why'
cp "$root/src/pmm/buddy.c" "$root/hand-in/src/pmm"
cat >>"$root/labs/2-buddy/rubric.toml" <<'END'

[[run]]
id = "own"
program = "churn"
seed = "student"
mem = 32
budget = 30_000_000

[[check]]
id = "guess"
title = "Prediction: processes"
points = 0
run = "own"
prediction = "In how many address spaces does ring 3 run?"
fact = "processes"

[[check]]
id = "why"
title = "In writing"
points = 0
written = "Why?"
END
answers 'seed = 12' 'guess = “14”'
run 0 --machines-only --check guess "$root/hand-in"
check '"labs/2-buddy/answers.toml:2: " in message["guess"] and "/tmp" not in message["guess"]'
says 'are its quotes straight?'
answers 'seed = 12' 'why = "So."' 'why = "Or so."'
run 0 --machines-only --check why "$root/hand-in"
check 'status["why"] == "failed" and "labs/2-buddy/answers.toml:3: " in message["why"]'

echo 'predictions count for the run of the student whom they name'
answers 'student = ""' 'seed = 675648862' 'guess = 27'
run 0 --machines-only --check guess "$root/hand-in"
check 'status["guess"] == "passed" and r["submission"]["student_seed"] == 675648862'
answers 'student = "alice"' 'seed = 675648862' 'guess = 27'
run 0 --machines-only --check guess "$root/hand-in"
check 'status["guess"] == "passed" and r["submission"]["student"] == "alice"'
answers 'student = "bob"' 'seed = 675648862' 'guess = 27' 'why = "So."'
run 0 --machines-only "$root/hand-in"
check 'status["guess"] == "failed" and "bob" in message["guess"] and " is 2531853" in message["guess"]'
check 'status["why"] == "passed" and status["end"] == "passed"'
answers 'student = "bob"' 'guess = 27'
run 0 --machines-only --check guess "$root/hand-in"
check 'status["guess"] == "passed" and r["submission"]["student_seed"] == 2531853'

# rubric WHAT SED-SCRIPT: the rubric with a mistake is refused by a line that says WHAT.
rubric() {
    sed "$2" "$here/grade_rubric.toml" >"$root/labs/2-buddy/rubric.toml"
    ! "$grade" check-rubric --root "$root" 2 >"$root/out" 2>&1 || exit 1
    [ "$(wc -l <"$root/out")" = 1 ]
    says "$1"
}

echo 'rubrics with mistakes'
rubric 'check "end": property' 's/"witness"/"withness"/'
rubric 'check "end"' 's/step = 4/stepp = 4/'
rubric 'colour' 's/^title = "The.*/&\ncolour = "red"/'
rubric 'check "private": needs' 's/needs = \["end"\]/needs = ["nothing"]/'
rubric 'circle' 's/^hint.*/needs = ["private"]/'
rubric 'points' 's/points = 60/points = 61/'
rubric 'run "churn": budget' 's/30_000_000/3/'
rubric 'names no [[run]]' 's/^run = .*/run = "walk"/'
rubric 'accept does not belong' 's/^hint.*/accept = ["x"]/'
rubric 'accept is missing' 's/^property = .*/answer = "Why?"/; /^run = "churn"/d; /^with/d'
rubric 'catches is' 's/^property = .*/catches = "some"\nlab = "2"\nrecord = "end"\nbodies = []/; /^run = "churn"/d; /^with/d'
rubric 'bodies is of the wrong type' 's/^property = .*/catches = "right"\nlab = "2"\nrecord = "end"\nbodies = [1]/; /^run = "churn"/d; /^with/d'
rubric 'has "q2", which' 's/"witness"/"call_count"/; s/^with.*/with = { function = "q2" }/; s/^budget.*/&\ncalls = ["pmm_free"]/'
rubric 'an unknown name at `q2' 's/"c4"/"c4 + q2"/'
rubric '`value` = "(w4"' 's/"c4"/"(w4"/'
rubric 'which is none of PAE' 's/"witness"/"control_bits"/; s/^with.*/with = { cr4 = ["SMEP", "SMPE"] }/'
rubric 'no program "chrun"' 's/program = "churn"/program = "chrun"/'
rubric '"pmm_fre@1", which is no function' 's/^budget.*/&\ncalls = ["pmm_alloc@2", "pmm_fre@1"]/'
rubric 'schema' 's,rubric/1,rubric/9,'
sed 's/program = "churn"/program = "nobody"/' "$here/grade_rubric.toml" >"$root/labs/2-buddy/rubric.toml"
run 3 --reference
check 'r["status"] == "could-not-be-graded"'
