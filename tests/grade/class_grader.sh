#!/bin/bash
# A stand-in for quire-grade grade, for tests of the class around it: the first line of
# the submission's file says what happens.
#
#     points N   a verdict; the second check passes with 60 points or more
#     hang       never ends        crash   ends without a result
set -u
lab='' json='' seed='' check='' source=''
while [ $# -gt 0 ]; do
    case $1 in
    --json) json=$2 && shift ;;
    --seed) seed=$2 && shift ;;
    --lab) lab=$2 && shift ;;
    --check) check=$2 && shift ;;
    --root | --work | --jobs | --staff) shift ;;
    --*) ;;
    *) source=$1 ;;
    esac
    shift
done
[ -z "${CLASS_LOG-}" ] || echo "${source##*/} $check" >>"$CLASS_LOG"
sleep "${CLASS_DELAY-0}"
file=$source/src/pmm/buddy.c
[ -f "$file" ] || file=<(bsdtar -xOf "$source" src/pmm/buddy.c 2>/dev/null || tar -xOf "$source" src/pmm/buddy.c)
read -r word points <"$file"
case $word in
hang) sleep 1000 ;;
crash) echo 'quire: <b>crashed</b>' && exit 3 ;;
esac
bonus=0
[ "$points" -lt 60 ] || bonus=${CLASS_BONUS-10}
status=failed
[ "$points" -lt 60 ] || status=passed
jq -n --arg lab "$lab" --argjson seed "$seed" --argjson p "$points" --argjson b "$bonus" --arg s "$status" '{
    schema: "quire-result/1", lab: {number: 2, name: $lab, title: "x"},
    submission: {name: "?", sha256: "?", files: []}, status: "graded", error: null, seed: $seed,
    points: ($p + $b), max: 100, host_tests: [],
    checks: [
        {id: "first", title: "First & <i>foremost</i>", points: $p, max: 90,
         status: (if $p == 90 then "passed" else "failed" end), visibility: "visible",
         message: "Frame \($p) went to <script>alert(1)</script>.", hint: "", where: "src/pmm/buddy.c:7"},
        {id: "second", title: "Second", points: $b, max: 10, status: $s, visibility: "hidden",
         message: "Blocks were not merged.", hint: ""}],
    versions: {}, hashes: {}, sandbox: "bubblewrap", options: {}}' >"$json.part" &&
    mv "$json.part" "$json"
