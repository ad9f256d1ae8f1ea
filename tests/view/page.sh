#!/bin/sh
# Pages in headless chromium (page.mjs), and the page's replay against the reader's (replay.mjs).
#
#     page.sh QUIRE-TRACE QUIRE-VIEW TRACE-GENERATE TRACES DIRECTORY [SCREENSHOTS]
#
# npm installs what drives the browser into DIRECTORY, once, as package-lock.json says. Exit
# status: 77 without chromium or npm, or where npm reaches no registry; else 0 or 1.
set -eu

trace=$1 view=$2 generate=$3 traces=$4 directory=$5 pictures=${6-}
here=$(cd "$(dirname "$0")" && pwd)
for command in chromium npm; do
    command -v "$command" >/dev/null || { echo "$command is not installed; skipped" && exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

fail() {
    echo "FAILED: $*"
    exit 1
}

install_library() {
    library=$directory/node_modules/playwright-core/index.mjs
    mkdir -p "$directory"
    [ ! -e "$library" ] || ! cmp -s "$here/package-lock.json" "$directory/package-lock.json" || return 0
    cp "$here/package.json" "$here/package-lock.json" "$directory"
    timeout -s KILL 200 npm ci --prefix "$directory" --no-audit --no-fund --ignore-scripts \
        >"$work/npm" 2>&1 || { cat "$work/npm" && echo 'npm reaches no registry; skipped' && exit 77; }
}

page() {
    "$view" "$@" 2>"$work/err" || { cat "$work/err" && fail "view $*"; }
}

# A result of the grader about the first trace; its form is docs/result.schema.json's.
result() {
    tick=$("$trace" show --kind exception "$traces/cow.trace" | awk 'NR == 3 { print $1 }')
    cat <<END
{ "schema": "quire-result/1",
  "checks": [{ "id": "made-up", "title": "A made-up finding", "status": "failed", "points": 0, "max": 5,
    "message": "The page is writable too early.", "machine": "one", "tick": $tick,
    "function": "fault_copy", "where": "src/vm/fault.c:1" }],
  "hashes": { "traces": { "one": "$(sha256sum "$traces/cow.trace" | cut -d ' ' -f 1)" } } }
END
}

# A tick in the middle of the program's life.
middle() {
    "$trace" show --kind exception --ring 3 "$traces/cow.trace" | awk '{ tick[NR] = $1 } END { print tick[int(NR / 2)] }'
}

install_library
result >"$work/result.json"
page "$traces/cow.trace" -o "$work/cow.html"
page "$traces/cow.trace" --with "$traces/same.trace" -o "$work/same.html"
page "$traces/cow.trace" --with "$traces/other.trace" -o "$work/parts.html"
page "$traces/cow.trace" --result "$work/result.json" -o "$work/found.html"
page "$traces/huge.trace" -o "$work/huge.html"
page "$traces/large.trace" --events 60000 -o "$work/reduced.html"
"$generate" "$work/large.trace" 200000
page "$work/large.trace" -o "$work/large.html"
page "$traces/cow.trace" --from "$(middle)" -o "$work/part.html"
for name in cow part; do
    node "$here/replay.mjs" "$trace" "$traces/cow.trace" "$work/$name.html"
done
timeout -s KILL 900 node "$here/page.mjs" "$library" "$(command -v chromium)" \
    "$work/cow.html" "$work/same.html" "$work/parts.html" "$work/found.html" \
    "$work/huge.html" "$work/reduced.html" "$work/large.html" ${pictures:+"$pictures"}
