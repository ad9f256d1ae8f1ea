#!/bin/sh
# An exported trace in speedscope, a viewer that Quire has no part in: headless
# chromium opens the trace, and what the page then shows is read. The same check
# must refuse a trace that was cut off.
#
#     speedscope.sh QUIRE-TRACE PROGRAM DIRECTORY
#
# npm installs speedscope into DIRECTORY, once. Exit status: 77 without chromium
# or npm, or where npm reaches no registry; else 0 or 1.
set -eu

tool=$1 program=$2 directory=$3
version=1.25.0
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

viewer_install() {
    viewer=$directory/node_modules/speedscope
    ! grep -qs "\"version\": \"$version\"" "$viewer/package.json" || return 0
    mkdir -p "$directory"
    timeout -s KILL 120 npm install --prefix "$directory" --no-save --no-audit --no-fund \
        --ignore-scripts "speedscope@$version" >"$work/npm" 2>&1 ||
        { cat "$work/npm" && echo "npm does not install speedscope@$version; skipped" && exit 77; }
}

# view JSON: what the viewer shows of it is in $work/page, its console in $work/console.
# A page from a file may not read files, but it may load scripts: the trace comes in one.
# Nobody would close the box that alert() opens.
view() {
    {
        echo 'window.alert = console.error;'
        printf 'speedscope.loadFileFromBase64("%s", "%s");\n' "${1##*/}" "$(base64 -w 0 "$1")"
    } >"$work/data.js"
    timeout -s KILL 100 chromium --headless=new --no-sandbox --disable-gpu --disable-quic \
        --no-first-run --disable-background-networking --disable-component-update --disable-sync \
        --user-data-dir="$(mktemp -d -p "$work")" --window-size=1600,1200 \
        --enable-logging=stderr --virtual-time-budget=20000 --dump-dom \
        "file://$viewer/dist/release/index.html#view=sandwich&localProfilePath=$work/data.js" \
        >"$work/page" 2>"$work/console" </dev/null ||
        { tail -n 20 "$work/console" && fail 'chromium does not show the page'; }
}

# The threads are in the list of profiles, the slices of the first one in the table.
shows_trace() {
    for text in '<title>trace.json - speedscope</title>' \
        "$program fork hello (pid 1), CPU 0 (tid 1)" "$program fork hello (pid 1), pid 2 (tid " \
        "$program fork hello (pid 1), pid 3 (tid " '>kernel, ring 0<' '>pid 2, ring 3<' \
        '>pid 3, ring 0<' '>pid 3, ring 3<'; do
        grep -qF -- "$text" "$work/page" || { echo "not in the page: $text" && return 1; }
    done
}

viewer_install
timeout -s KILL 120 "$tool" record --calls all "$program" fork hello -o "$work/trace" </dev/null \
    >"$work/out" 2>&1 || { cat "$work/out" && fail 'record'; }
"$tool" export --perfetto "$work/trace" -o "$work/trace.json" || fail 'export'
view "$work/trace.json"
shows_trace || { grep CONSOLE "$work/console" | tail -n 20 && fail 'speedscope shows no trace'; }
! grep 'Tried to end\|still open at end' "$work/console" || fail 'slices do not nest'

size=$(wc -c <"$work/trace.json")
mkdir "$work/broken"
head -c $((size / 2)) "$work/trace.json" >"$work/broken/trace.json"
view "$work/broken/trace.json"
! shows_trace || fail 'half a file passes for a trace'
grep -q 'CONSOLE.*Unrecognized format' "$work/console" ||
    { tail -n 20 "$work/console" && fail 'speedscope did not see the broken file'; }
