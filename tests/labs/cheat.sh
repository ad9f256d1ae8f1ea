#!/bin/sh
# One cheat is graded like any submission: it earns what its "Earns:" line names, and
# nothing is left behind.
#
#     cheat.sh QUIRE-GRADE CHEAT-MAKE TREE CHEAT.c
#
# BASE is a folder that keeps what the gradings of one lab have in common (see zoo.sh): what a
# cheat leaves behind in it, honest solutions meet.
set -eu
grade=$1 make=$2 tree=$3 cheat=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/submission"
printf 'untouched\n' >"$work/canary"

lab=$("$make" "$tree" "$cheat" "$work/submission")
status=0
timeout -k 5 280 "$grade" grade --lab "$lab" --seed 11 --json "$work/result.json" --work "$BASE" \
    "$work/submission" >"$work/out" 2>&1 || status=$?
cat "$work/out"
[ -s "$work/result.json" ] || { echo "no result, exit status $status" && exit 1; }

jq -r '.checks[] | select(.status == "passed" and .max > 0) | .id' "$work/result.json" |
    sort >"$work/earned"
sed -n '/^ \* Earns: /,/^ \*\/$/ { s/^ \* Earns: //; s/^ \*//; p }' "$cheat" |
    tr -d '/ \n' | tr ',' '\n' | grep -vx nothing | sort >"$work/allowed" || true
points=$(jq .points "$work/result.json")
echo "earned $points points: $(paste -sd' ' "$work/earned")"
diff "$work/allowed" "$work/earned" || { echo "not what it deserves" && exit 1; }
[ "$(jq -r .status "$work/result.json")" = graded ] || { echo "a cheat shall be graded" && exit 1; }
[ "$status" = 1 ] || { echo "exit status $status" && exit 1; }

[ "$(cat "$work/canary")" = untouched ] || { echo "it got out" && exit 1; }
[ ! -e /OWNED ] || { echo "it got out" && exit 1; }
"$(dirname "$0")/../nobody_left.sh" "$work|$BASE"
size=$(wc -c <"$work/out")
[ "$size" -lt 200000 ] || { echo "a report of $size bytes" && exit 1; }
! LC_ALL=C grep -q "$(printf '\033')" "$work/out" || { echo "escapes reach the terminal" && exit 1; }
