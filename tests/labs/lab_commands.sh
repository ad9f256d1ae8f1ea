#!/bin/sh
# quire-lab as its users meet it: what it prints, its exit statuses, its refusals of one
# line. The environment names the tools, as for split.sh.
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
    printf 'FAILED: %s\n' "$*"
    exit 1
}

# expect STATUS PATTERN ARGUMENT...: the status, and the output has the pattern.
expect() {
    wanted=$1
    pattern=$2
    shift 2
    status=0
    "$QUIRE_LAB" "$@" >"$scratch/out" 2>&1 || status=$?
    [ "$status" = "$wanted" ] || { cat "$scratch/out" && fail "status $status of: $*"; }
    grep -q -- "$pattern" "$scratch/out" || { cat "$scratch/out" && fail "no '$pattern' from: $*"; }
}

# refused STATUS PATTERN ARGUMENT...: the same, and it is one line.
refused() {
    expect "$@"
    [ "$(wc -l <"$scratch/out")" = 1 ] || { cat "$scratch/out" && fail "not one line: $*"; }
}

expect 0 'usage: ./quire lab' --help
expect 2 'usage: ./quire lab'
for command in list new hint bug; do
    expect 0 "usage: ./quire lab $command" $command --help
done
refused 2 "no command 'nonsense'" nonsense

expect 0 'src/pmm/buddy.c: ' list
expect 0 '  7   fork' list
refused 2 'takes no arguments' list 3

refused 2 'wants a lab and a directory' new
refused 2 'wants a lab and a directory' new 2
refused 2 "there is no lab '99'" new 99 "$scratch/no"
refused 2 "there is no lab 'x'" new x "$scratch/no"
refused 2 "A-B or none, not '3'" new 7 "$scratch/no" --with-solutions 3
refused 2 "A-B or none, not '3-1'" new 7 "$scratch/no" --with-solutions 3-1
refused 2 'unknown option' new 7 "$scratch/no" --nonsense
refused 2 'is not empty' new 7 "$scratch"
refused 2 'Not a directory' new 7 "$scratch/out"
refused 2 'Not a directory' new 7 "$scratch/out/deep"
[ ! -e "$scratch/no" ] || fail 'a refusal left something'

# An empty directory will do; the name goes in; no other lab is blanked.
mkdir "$scratch/seven"
expect 0 '  ./quire grade' new --no-reference --student 'O"Neill' 7-fork "$scratch/seven"
grep -qF 'student = "O\"Neill"' "$scratch/seven/labs/7-fork/answers.toml" || fail 'the name is missing'
cmp "$SOURCE/src/pmm/buddy.c" "$scratch/seven/src/pmm/buddy.c" || fail 'lab 2 is not solved'
refused 2 'is not empty' new 7 "$scratch/seven"

# What it says to type is typed as it is.
expect 0 "^  cd '$scratch/it'\\\\''s mine'\$" new --no-reference 7 "$scratch/it's mine"

# Ctrl-C while it waits, here for the traces of the solution, leaves no half tree.
"$QUIRE_LAB" new 2 "$scratch/stopped" >"$scratch/out" 2>&1 &
maker=$!
for _ in $(seq 200); do
    [ ! -e "$scratch/stopped.new-$maker/labs/current" ] || break
    sleep 0.05
done
kill -TERM "$maker"
status=0
wait "$maker" || status=$?
[ "$status" = 143 ] || fail "status $status of a lab new that SIGTERM ended"
for left in "$scratch/stopped"*; do
    [ ! -e "$left" ] || fail "left behind: $left"
done

# Earlier labs, some or all of them, are the student's own.
stub() {
    grep -q "panic(\"lab $2: " "$scratch/$1/src/$3"
}
expect 0 'your tree' new 7 "$scratch/own" --no-reference --with-solutions none
stub own 2 pmm/buddy.c || fail 'lab 2 is solved'
stub own 7 vm/clone.c || fail 'lab 7 is solved'
stub own 3 vm/pt.c || fail 'lab 3 is solved'
expect 0 'your tree' new 7 "$scratch/some" --no-reference --with-solutions 2-2
stub some 3 vm/pt.c || fail 'lab 3 is solved'
cmp "$SOURCE/src/pmm/buddy.c" "$scratch/some/src/pmm/buddy.c" || fail 'lab 2 is not solved'
(cd "$scratch/own" && cmake --preset strict && cmake --build build/strict) >"$scratch/log" 2>&1 ||
    { tail -20 "$scratch/log" && fail 'a tree without any solution does not build'; }

# Traces of the solution: of runs that students see, but not of those that they predict.
expect 0 'your tree' new 2 "$scratch/traced"
git -C "$scratch/traced" ls-files labs/2-buddy/reference >"$scratch/traces"
[ -s "$scratch/traces" ] || { cat "$scratch/out" && fail 'no traces of the solution'; }
grep -q 'predict.trace' "$scratch/traces" && fail 'the answers to predictions are in the tree'
while read -r trace; do
    [ "$(head -c 8 "$scratch/traced/$trace")" = QUIRETR1 ] || fail "$trace is no trace"
    [ "$(wc -c <"$scratch/traced/$trace")" -le 1048576 ] || fail "$trace is too large"
    ! grep -qaF -e src/ -e "$SOURCE" "$scratch/traced/$trace" || fail "$trace names sources"
done <"$scratch/traces"

# The same from a copy without git.
mkdir "$scratch/copy"
(cd "$SOURCE" && git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$scratch/copy")
mkdir -p "$scratch/copy/build" && : >"$scratch/copy/build/junk"
expect 0 'your tree' --root "$scratch/copy" new 7 "$scratch/again" --student 'O"Neill'
diff -r --exclude=.git "$scratch/seven" "$scratch/again" || fail 'git or not makes a difference'

# With git: what it does not know yet goes along, but not what lies beside the project.
(cd "$scratch/copy" && git init -q && git add -A &&
    git -c user.name=x -c user.email=x@localhost commit -q -m x)
mkdir -p "$scratch/copy/labs/11-x/zoo" "$scratch/copy/submissions/alice/src"
sed 's/^number = 2/number = 11/; s/^name = "2-buddy"/name = "11-x"/' "$SOURCE/labs/2-buddy/lab.toml" \
    >"$scratch/copy/labs/11-x/lab.toml"
cp "$SOURCE/labs/2-buddy/rubric.toml" "$scratch/copy/labs/11-x"
for file in labs/7-fork/programs/fresh.c labs/7-fork/programs/fresh.c~ labs/7-fork/answers.toml \
    labs/11-x/hidden.toml labs/11-x/zoo/wrong.c submissions/alice/src/buddy.c grades.csv; do
    : >"$scratch/copy/$file"
done
rm "$scratch/copy/docs/demos.md"
expect 0 'not in git yet, and handed out: labs/7-fork/programs/fresh.c$' --root "$scratch/copy" \
    new 11 "$scratch/eleven"
[ "$(grep -c 'handed out' "$scratch/out")" = 3 ] || { cat "$scratch/out" && fail 'other files are told'; }
for file in labs/7-fork/programs/fresh.c labs/11-x/lab.toml labs/11-x/rubric.toml \
    labs/11-x/answers.toml; do
    [ -e "$scratch/eleven/$file" ] || fail "$file does not go along"
done
for file in labs/7-fork/programs/fresh.c~ labs/7-fork/answers.toml labs/11-x/hidden.toml \
    labs/11-x/zoo submissions grades.csv build docs/demos.md; do
    [ ! -e "$scratch/eleven/$file" ] || fail "$file goes along"
done

# Hints, one after the other, in a tree of their own.
hints() {
    expect 0 "$1" --root "$scratch/hints" hint 2 free_list_push
}
mkdir -p "$scratch/hints/labs" "$scratch/hints/src"
cp -r "$SOURCE/labs/2-buddy" "$scratch/hints/labs"
cp -r "$SOURCE/src/pmm" "$scratch/hints/src"
printf '# Hints\n\n## free_list_push\n\n### 1\n\nlook\n\n### 2\n\nlook there\n\n### 3\n\ntake it\n\n## other\n' \
    >"$scratch/hints/labs/2-buddy/hints.md"
expect 0 'free_list_push  *0 of 3 shown' --root "$scratch/hints" hint 2
hints 'hint 1 of 3'
hints 'look there'
! grep -q 'take it' "$scratch/out" || fail 'two hints at once'
expect 0 'free_list_push  *2 of 3 shown' --root "$scratch/hints" hint 2
hints 'take it'
hints 'the last one'
expect 0 'hint 1 of 3' --root "$scratch/hints" hint 2 free_list_push 1
refused 2 'has 3 hints' --root "$scratch/hints" hint 2 free_list_push 4
refused 2 'level is 1 or more' --root "$scratch/hints" hint 2 free_list_push x
refused 2 "no hints for 'kmain'" --root "$scratch/hints" hint 2 kmain
refused 2 "no lab '77'" --root "$scratch/hints" hint 77
refused 2 'wants a lab' hint

# A wrong kernel goes onto a branch of its own, in lab 9's tree only.
expect 0 'your tree' new 9 "$scratch/nine"
[ ! -e "$scratch/nine/labs/9-bug-hunt/solutions" ] || fail 'the patches are there'
expect 0 'on the branch alder' --root "$scratch/nine" bug alder
[ "$(git -C "$scratch/nine" log --format=%s main..alder)" = 'The kernel alder' ] || fail 'no commit'
(cd "$scratch/nine" && git apply --check "$SOURCE/labs/9-bug-hunt/solutions/alder.patch") ||
    fail 'the solution does not fit'
refused 2 'git switch alder' --root "$scratch/nine" bug alder
# The next one has no bug but its own.
expect 0 'on the branch birch' --root "$scratch/nine" bug birch
[ "$(git -C "$scratch/nine" log --format=%s main..birch)" = 'The kernel birch' ] || fail 'two bugs'
cmp "$SOURCE/src/pmm/buddy.c" "$scratch/nine/src/pmm/buddy.c" || fail "birch has alder's bug"
echo >>"$scratch/nine/src/pmm/buddy.c"
refused 2 'not committed' --root "$scratch/nine" bug cedar
refused 2 "no kernel 'beech'" --root "$scratch/nine" bug beech
refused 2 'not for lab 9' --root "$scratch/seven" bug alder
refused 2 'wants a kernel' bug

# A manifest that is wrong is named.
sed -i 's/^title/titel/' "$scratch/hints/labs/2-buddy/lab.toml"
refused 3 "labs/2-buddy/lab.toml: .*titel" --root "$scratch/hints" list
printf 'number = \n' >"$scratch/hints/labs/2-buddy/lab.toml"
refused 3 'labs/2-buddy/lab.toml:1' --root "$scratch/hints" list
