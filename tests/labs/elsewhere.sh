#!/bin/sh
# A function that is missing loses points in its lab, and nowhere else: of a submission
# in which all other labs are unsolved, every check about the machine passes.
#
#     elsewhere.sh GRADE MAKE TREE LAB [MODULE CHECK]
#
# With a module, that part of the lab itself is unsolved, too: then the check fails, but
# does not with `--staff MODULE`, which takes those files from the instructor's tree; the
# submission need not have them.
set -eu
grade=$1 make=$2 tree=$3 lab=$4 module=${5-} check=${6-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

complain() {
    cat "$work/report"
    echo "$*"
    exit 1
}

# graded OPTION...: what did not pass goes to lost.
graded() {
    timeout 1000 "$grade" grade --lab "$lab" --seed 12 --machines-only --json "$work/json" \
        --work "$work/work" "$@" "$work/in" >"$work/report" 2>&1 </dev/null || true
    [ "$(jq -r .status "$work/json")" = graded ] || complain "not graded: $(jq -r .error "$work/json")"
    jq -r '.checks[] | select(.status != "passed") | .id' "$work/json" | sort >"$work/lost"
}

# Questions, which nobody has answered here.
awk '/^\[\[/ { id = "" } /^id = / { gsub(/"/, ""); id = $3 } /^(prediction|written) = / { print id }
    ' "$tree/labs/$lab"-*/rubric.toml | sort >"$work/questions"

"$make" "$tree" "$lab" "$work/in" ${module:+"$module"}
if [ -n "$module" ]; then
    graded --check "$check"
    grep -qx "$check" "$work/lost" || complain "$check passes without $module"
    rm -r "$work/in/src/$module"
    graded --check "$check" --staff "$module"
else
    graded
fi
comm -23 "$work/lost" "$work/questions" >"$work/unjust"
[ ! -s "$work/unjust" ] || complain "lost for other labs' functions: $(cat "$work/unjust")"
[ "$(jq '.points > 0' "$work/json")" = true ] || complain "no points at all"
