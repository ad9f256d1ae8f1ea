#!/bin/sh
# Record each demo under Bochs, and make a page of it:
#
#     pages.sh DIR NAME...
#
#     DIR/NAME.html     what the CPU did (./quire view)
#     DIR/index.html    the list, with the story of each as text
#
# For the lecture that goes on when the laptop at the projector does not: a browser is all
# that is needed.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
directory=$1
shift
trace=$root/build/host/tools/trace/quire-trace
view=$root/build/host/tools/view/quire-view
work=$(mktemp -d "${TMPDIR:-/tmp}/quire-pages-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$directory"

# step DOING COMMAND...: its last line is shown if it fails.
step() {
    doing=$1
    shift
    [ ! -t 2 ] || printf '\r\033[Kquire: %s...' "$doing" >&2
    "$@" </dev/null >"$work/out" 2>"$work/err" && return
    [ ! -t 2 ] || printf '\r\033[K' >&2
    printf 'quire: %s failed: %s\n' "$doing" "$(tail -n 1 "$work/err")" >&2
    exit 1
}

escaped() {
    sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g' "$@"
}

# The steps of a demo, from its captions: "TICK TEXT", one a line.
steps() {
    awk -f "$here/lines.awk" "$1" |
        awk 'NF == 1 { caption = ""; next }
             { tick = $1; sub(/^[0-9]+ /, "") }
             caption == "" { if (text) print text; caption = $0; text = tick " " $0; next }
             { text = text " " $0 }
             END { if (text) print text }'
}

page() {
    name=$1
    # shellcheck disable=SC2046 # words
    set -- $(grep "^$name " "$root/user/demos/list.txt")
    kernel=$root/build/default/$3.elf
    shift 4
    step "recording $name" "$trace" record --mem 32 --kernel "$kernel" -o "$work/$name.trace" \
        "$root/build/host/user/demos/$name" --captions
    grep -v '^quire: ' "$work/err" >"$work/story"
    step "reading $name" "$trace" show --kind out "$work/$name.trace"
    steps "$work/out" >"$work/steps"
    # Open the page where the demo begins: what was before is the machine's start.
    step "making $name.html" "$view" --at "$(sed 's/ .*//; q' "$work/steps")" --title "$*" \
        "$work/$name.trace" -o "$directory/$name.html"
    {
        printf '<li><a href="%s.html">%s</a>\n<ul>\n' "$name" "$*"
        # The first and the last caption are the title and the verdict.
        escaped "$work/steps" |
            sed '1d; $d; s|^\([0-9]*\) \(.*\)|<li><a href="'"$name"'.html#t=\1">\2</a>|'
        printf '</ul>\n<details><summary>The story as text</summary><pre>'
        escaped "$work/story"
        printf '</pre></details>\n'
    } >>"$work/index"
}

for name in "$@"; do
    page "$name"
done
{
    cat <<'END'
<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Quire: demos</title>
<style>
:root { color-scheme: light dark; }
body { font: 18px/1.5 system-ui, sans-serif; max-width: 50em; margin: 2em auto; padding: 0 1em; }
ol > li { margin: 1em 0; }
ul { font-size: 16px; }
pre { font-size: 14px; line-height: 1.3; overflow-x: auto; }
</style>
<h1>Quire: demos</h1>
<p>Each title leads to a recording of what the CPU did while the demo ran, each step to its beginning there. Press
Play, or go from event to event. Nothing here needs a network.</p>
<ol>
END
    cat "$work/index"
    printf '</ol>\n</html>\n'
} >"$directory/index.html"
[ ! -t 2 ] || printf '\r\033[K' >&2
