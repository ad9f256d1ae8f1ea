#!/bin/bash
# A small class and the real grader: right, starter, wrong, broken, and what nobody can
# grade; killed in the middle and continued; graded again by one check; late; all results
# by their schema.
#
#     class_real.sh TREE WORK
#
# GRADE is quire-grade, LAB quire-lab, MAKE cheat_make.
set -eu
tree=$1 work=$2
here=$(dirname -- "$(readlink -f -- "$0")")
rm -rf "$work"
mkdir -p "$work/class"
cd "$work"

die() {
    printf 'FAILED: %s\n' "$*"
    cat err out 2>/dev/null
    exit 1
}

# class STATUS ARGUMENT...: grade it, and end like this.
class() {
    wanted=$1 status=0
    shift
    "$GRADE" grade-class --root "$tree" --lab 2 -o graded --cache cache --seed 17 "$@" class \
        >out 2>err || status=$?
    [ "$status" = "$wanted" ] || die "status $status instead of $wanted"
}

# value FILTER NAME: of a result.
value() {
    jq -r "$1" "graded/$2/result.json"
}

# is NAME FILTER VALUE
is() {
    [ "$(value "$2" "$1")" = "$3" ] || die "$1: $2 is $(value "$2" "$1"), not $3"
}

# cell NAME COLUMN: a cell of class.csv.
cell() {
    /usr/bin/python3 -c 'import csv, sys
for row in csv.DictReader(open("graded/class.csv")):
    if row["name"] == sys.argv[1]: print(row[sys.argv[2]])' "$1" "$2"
}

# reference NAME [BODIES]: a hand-in with the reference's files, and these bodies in them.
reference() {
    mkdir "class/$1"
    "$MAKE" "$tree" "${2-}" "class/$1" 2 >/dev/null
}

# Before main, in the host tests: as many processes as there can be, and a try to get out.
hostile='
#ifdef __SANITIZE_ADDRESS__
int fork(void);
int pause(void);
int system(const char *command);
__attribute__((constructor)) static void bomb(void)
{
    (void)!system("touch /OWNED /tmp/quire-OWNED; rm -rf /quire/*");
    for (int i = 0; i < 100000; i++)
        if (fork() == 0)
            for (;;)
                pause();
}
#endif'

hand_in() {
    reference ann
    tar -C class/ann -czf class/ann.tar.gz src && rm -r class/ann
    "$LAB" --root "$tree" new 2 class/bea --student bea >/dev/null 2>&1
    reference cid "$tree/labs/2-buddy/zoo/count-not-raised.c"
    reference dan
    printf '\nint x = nowhere;\n' >>class/dan/src/pmm/buddy.c
    echo 'Dear instructor, my dog ate it.' >class/eve.zip
    reference fay
    printf '%s\n' "$hostile" >>class/fay/src/pmm/buddy.c
    reference gus
    (cd class/gus && tar -cPf ../gus.tar src/../../gus/src/pmm/buddy.c && cd .. && rm -r gus)
    cp -r class/cid class/hal # the same: graded once
}

graded_count() {
    find graded -name key 2>/dev/null | wc -l
}

hand_in
# Killed as soon as one is done: nothing runs on, and nothing is half done.
"$GRADE" grade-class --root "$tree" --lab 2 -o graded --cache cache --seed 17 --jobs 2 class \
    >out 2>err &
pid=$!
for _ in $(seq 4000); do
    [ "$(graded_count)" -lt 1 ] || break
    kill -0 "$pid" || break
    sleep 0.1
done
kill -9 "$pid" || die 'it ended before it could be killed'
wait "$pid" 2>/dev/null || true
"$here/../nobody_left.sh" "$work/graded" || die 'graders outlive the command'
[ ! -e graded/class.html ] || die 'the report came too early'
done_before=$(graded_count)
[ "$done_before" -lt 6 ] || die 'nothing is left to do'

class 3
[ "$(grep -c ': kept$' err)" = "$done_before" ] || die "not $done_before were kept"
grep -q '^8 submissions: 0 with full points, 6 lost points, 2 could not be graded$' out ||
    die 'another summary'
# Nobody's tree has answers but bea's, who did not give any: 90 is all that can be had.
is ann .points 90 && is bea .points 0 && is dan .points 0
is cid '.points == ('"$(value .points hal)"') and .points > 40 and .points < 90' true
grep -q 'as an equal one' err || [ "$done_before" -gt 1 ] || die 'equal ones are graded twice'
is dan .build.status failed && is dan '.build.output | test("nowhere")' true
is eve .status could-not-be-graded && is gus .status could-not-be-graded
[ "$(cell eve points)" = '' ] || die 'points for what could not be graded'
grep -q '\.\.' <<<"$(value .error gus)" || die "gus: $(value .error gus)"
# A bomb in the host tests blows up there; the machine's verdict stands.
is fay .points 90 && is fay '[.host_tests[].status] | unique[]' failed
if [ -e /OWNED ] || [ -e /tmp/quire-OWNED ]; then die 'fay got out'; fi
"$here/../nobody_left.sh" "$work/graded" || die 'graders outlive the command'
[ "$(find graded -name work | wc -l)" = 0 ] || die 'trees are left'

for name in ann bea cid dan eve fay gus hal; do
    /usr/bin/python3 "$here/grade_check.py" "$tree/docs/result.schema.json" "graded/$name/result.json" \
        "r['submission']['name'] == '$name' and r['seed'] == 17"
done
[ "$(jq -s length graded/results.jsonl)" = 8 ] || die 'not eight results in one file'
for word in 'Could not be graded' eve gus References 'does not build'; do
    grep -q "$word" graded/class.html || die "the page does not tell: $word"
done

echo 'an equal one, and one graded alone'
for file in result.json log.txt; do
    ! grep -E 'class/cid|graded/' graded/hal/$file graded/cid/$file | grep -v "^graded/cid/$file:lab" ||
        die "$file names another one, or what is gone"
    grep -q 'trace.* build/grade/lab-2/traces/' graded/hal/$file || die "$file has no command"
done
"$GRADE" grade --root "$tree" --lab 2 --seed 17 --json alone.json --work alone class/cid >out 2>err || true
cmp alone.json graded/cid/result.json || die 'cid alone has another result'

echo 'once more, elsewhere: from the cache'
mv graded first
class 3
[ "$(grep -c 'as an equal one' err)" = 6 ] || die 'verdicts were not found again'
for name in ann cid dan fay; do
    cmp "first/$name/result.json" "graded/$name/result.json" || die "$name: another verdict"
done

echo 'one check'
class 3 --only references
cmp <(jq -S . first/cid/result.json) <(jq -S . graded/cid/result.json) || die 'cid changed'

echo 'late'
printf 'name,submitted,due\nann,2026-03-02 08:00,2026-03-01\ncid,2026-02-28,2026-03-01\n' >dates.csv
class 3 --dates dates.csv --late 10%/day
[ "$(cell ann final)" = 72.00 ] || die "ann has $(cell ann final)"
/usr/bin/python3 "$here/grade_check.py" "$tree/docs/result.schema.json" graded/ann/result.json \
    "r['late']['final'] == 72 and r['points'] == 90"
[ "$(cell cid final)" = "$(cell cid points).00" ] || die "cid has $(cell cid final)"
