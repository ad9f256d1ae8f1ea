#!/bin/bash
# A stand-in for quire-grade grade, for tests of the class around it: the first line of
# the submission's file says what happens.
#
#     points N   a verdict; the second check passes with 60 points or more
#     hang       never ends        crash   ends without a result
#
# It stands for another rubric by CLASS_SECOND and CLASS_MAX (the second check's name and
# points), CLASS_THIRD (one more check); CLASS_CRASH: this check alone, or all, cannot be judged.
set -u
lab='' json='' seed='' check='' source='' work=''
while [ $# -gt 0 ]; do
    case $1 in
    --json) json=$2 && shift ;;
    --seed) seed=$2 && shift ;;
    --lab) lab=$2 && shift ;;
    --check) check=$2 && shift ;;
    --work) work=$2 && shift ;;
    --root | --jobs | --staff) shift ;;
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
echo "look    ./quire trace stat $work/traces/run/run.trace"
case $word in
hang) sleep 1000 ;;
crash) echo 'quire: <b>crashed</b>' && exit 3 ;;
esac
bonus=0
[ "$points" -lt 60 ] || bonus=${CLASS_BONUS-10}
status=failed
[ "$points" -lt 60 ] || status=passed
[ "${CLASS_CRASH-}" != "${check:-all}" ] || exit 3
out=${json%/*}
sha256=$(jq -r --arg n "${out##*/}" 'select(.name == $n).sha256' "${out%/*}/manifest.jsonl")
jq -n --arg lab "$lab" --argjson seed "$seed" --argjson p "$points" --argjson b "$bonus" --arg s "$status" \
    --arg sha256 "$sha256" --arg check "$check" --arg second "${CLASS_SECOND-second}" \
    --argjson max "${CLASS_MAX-10}" --arg third "${CLASS_THIRD-}" '{
    schema: "quire-result/1", lab: {number: 2, name: $lab, title: "x"},
    submission: {name: "?", sha256: $sha256, files: []}, status: "graded", error: null, seed: $seed,
    points: 0, max: 0, host_tests: [],
    checks: [
        {id: "first", title: "First & <i>foremost</i>", points: $p, max: 90,
         status: (if $p == 90 then "passed" else "failed" end), visibility: "visible",
         message: "Frame \($p) went to <script>alert(1)</script>.", hint: "", where: "src/pmm/buddy.c:7"},
        {id: $second, title: "Second", points: $b, max: $max, status: $s, visibility: "hidden",
         message: "Blocks were not merged.", hint: ""},
        {id: $third, title: "Third", points: 4, max: 4, status: "passed", visibility: "visible",
         message: "", hint: ""} |
        select(if $check == "" then .id != "" else .id == $check end)],
    versions: {}, hashes: {}, sandbox: "bubblewrap", options: {}} |
    .points = ([.checks[].points] | add) | .max = ([.checks[].max] | add)' >"$json.part" &&
    mv "$json.part" "$json"
