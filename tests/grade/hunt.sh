#!/bin/sh
# What labs 9 and 10 make of submissions that are not right. The environment names GRADE
# (quire-grade) and SOURCE, the tree.
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
hunt=$scratch/in/labs/9-bug-hunt
capstone=$scratch/in/labs/10-capstone
mkdir -p "$hunt" "$capstone"

fail() {
    printf 'FAILED: %s\n' "$*"
    exit 1
}

# grade LAB CHECK POINTS TEXT: the submission gets so many points for a check, with the text.
grade() {
    timeout 600 "$GRADE" grade --root "$SOURCE" --lab "$1" --check "$2" --seed 5 \
        --work "$scratch/work-$1" --json "$scratch/json" "$scratch/in" >"$scratch/out" 2>&1 || :
    got=$(jq -r --arg id "$2" '.checks[] | select(.id == $id) | .points' "$scratch/json")
    message=$(jq -r --arg id "$2" '.checks[] | select(.id == $id) | .message' "$scratch/json")
    [ "$got" = "$3" ] || { cat "$scratch/out" && fail "$2: $got points, not $3 ($message)"; }
    case $message in
    *"$4"*) printf 'ok: %s: %s\n' "$2" "${message:-full points}" ;;
    *) fail "$2: no '$4' in: $message" ;;
    esac
}

cp "$SOURCE"/labs/9-bug-hunt/*.patch "$hunt"
printf 'alder-named = "aligned-blocks"\nbirch-named = " Neighbours stay "\n' >"$hunt/answers.toml"
grade 9 alder-named 0 "another invariant"
grade 9 birch-named 4 ""
grade 9 cedar-named 0 "no answer"
grade 9 alder-mended 0 "no patch"
grade 9 alder-mended 0 "git diff ':/The kernel alder' src"
printf 'alder-named = "aligned-block"\n' >"$hunt/answers.toml"
grade 9 alder-named 0 "'aligned-block' is not in the list of rules in labs/9-bug-hunt/README.md"

# Longer than allowed; for no file there is; outside the tree; of a file that is not the lab's.
{ cat "$SOURCE/labs/9-bug-hunt/solutions/alder.patch" && printf '%s\n' + + + + + + + + + +; } \
    >"$hunt/alder.patch"
grade 9 alder-mended 0 "changes 12 lines"
printf -- '--- a/src/pmm/none.c\n+++ b/src/pmm/none.c\n@@ -1 +1 @@\n-a\n+b\n' >"$hunt/alder.patch"
grade 9 alder-mended 0 "it changes src/pmm/none.c, and what is wrong there is in a file of lab 2"
printf -- '--- a/../../x\n+++ b/../../x\n@@ -0,0 +1 @@\n+b\n' >"$hunt/alder.patch"
grade 9 alder-mended 0 "does not fit"
printf 'rubbish\n+ \n' >"$hunt/alder.patch"
grade 9 alder-mended 0 "does not fit"

# It fits, but mends nothing; and one that mends it.
sed 's/order == order/order <= order + 0/' "$SOURCE/labs/9-bug-hunt/solutions/alder.patch" \
    >"$hunt/alder.patch"
grade 9 alder-mended 0 "with your patch lab 2 still says"
cp "$SOURCE/labs/9-bug-hunt/solutions/alder.patch" "$hunt"
grade 9 alder-mended 12 ""

# property STATEMENT: the template with another end.
property() {
    sed "s|^    judgement_note.*|    $1|" "$SOURCE/labs/10-capstone/property.c" >"$capstone/property.c"
}
cp "$SOURCE/labs/10-capstone/property.c" "$capstone"
grade 10 catches-hazel 0 "catches 0 of"
property 'judgement_fail(j, "I like none");'
grade 10 catches-hazel 20 ""
grade 10 right-kernel 0 "it condemns a kernel that is right"
property 'no_such_function(j);'
grade 10 catches-hazel 0 "does not compile"
property 'abort();'
grade 10 catches-hazel 0 "it came to no verdict: "
