#!/bin/sh
# The command: what it writes, what it leaves out, and one line for each mistake.
#
#     cli.sh QUIRE-VIEW TRACE OTHER-TRACE
set -eu

view=$1 trace=$2 other=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

fail() {
    echo "FAILED: $*"
    exit 1
}

# refuses STATUS TEXT ARGUMENT...: ends so, with one line that has the text, and writes nothing.
refuses() {
    status=$1 text=$2
    shift 2
    code=0
    "$view" "$@" >"$work/out" 2>"$work/err" || code=$?
    [ "$code" = "$status" ] || fail "status $code instead of $status: view $*"
    grep -q -- "$text" "$work/err" || { cat "$work/err" && fail "no '$text' in: view $*"; }
    [ "$(wc -l <"$work/err")" = 1 ] || { cat "$work/err" && fail "not one line: view $*"; }
    [ ! -e "$work/no.html" ] || fail "a page was written: view $*"
}

blocks() {
    grep -c '^<script type="text/plain" class="trace">' "$1"
}

"$view" --help | grep -q '^usage: ./quire view' || fail 'help'
refuses 2 'takes one trace'
refuses 2 'takes one trace' "$trace" "$other" -o "$work/no.html"
refuses 2 'is not for here' --frobnicate "$trace"
refuses 2 'needs a value' "$trace" -o
refuses 2 'takes a number' --from now "$trace" -o "$work/no.html"
refuses 2 'from 1000 to' --events 3 "$trace" -o "$work/no.html"
refuses 2 'no event between' --from 9000000000000 "$trace" -o "$work/no.html"
refuses 2 'record it first' "$view" -o "$work/no.html"
refuses 3 'cannot read' "$work/none" -o "$work/no.html"
refuses 3 'cannot read' "$trace" --with "$work/none" -o "$work/no.html"
refuses 3 'no trace' "$0" -o "$work/no.html"
refuses 3 'no result' "$trace" --result "$0" -o "$work/no.html"
echo '{"schema": "other"}' >"$work/result.json"
refuses 3 'no result' "$trace" --result "$work/result.json" -o "$work/no.html"
refuses 3 'cannot write' "$trace" -o "$work/none/no.html"

# Nothing that a page is made of is overwritten by it.
cp "$trace" "$work/mine.html"
refuses 2 'would be overwritten' "$work/mine.html"
refuses 2 'would be overwritten' "$trace" --with "$work/mine.html" -o "$work/../$(basename "$work")/mine.html"
cmp "$trace" "$work/mine.html" || fail 'the trace has changed'

# Without -o the page lies beside the trace.
cp "$trace" "$work/a.b.trace"
"$view" "$work/a.b.trace" 2>"$work/err" || { cat "$work/err" && fail 'no page'; }
[ "$(blocks "$work/a.b.html")" = 1 ] || fail 'not one trace in the page'
! grep -q '^@[a-z]*@$\|^import \|^export ' "$work/a.b.html" || fail 'the page is not put together'
! grep -Eq '(src|href)="?(https?:|//)' "$work/a.b.html" || fail 'the page names other files'

# The same trace, the same page; with another beside it, both.
"$view" "$work/a.b.trace" -o "$work/again.html" 2>"$work/err"
cmp "$work/a.b.html" "$work/again.html" || fail 'not the same page twice'
"$view" "$trace" --with "$other" -o "$work/two.html" 2>"$work/err"
[ "$(blocks "$work/two.html")" = 2 ] || fail 'not two traces in the page'

# One without events is refused.
head -c 2000 "$trace" >"$work/cut.trace"
! "$view" "$work/cut.trace" -o "$work/no.html" 2>"$work/err" || fail 'a page without events'
grep -q 'holds no event' "$work/err" || { cat "$work/err" && fail 'no events, not said'; }

# A trace that was cut off is shown as far as it is good.
head -c $(($(wc -c <"$trace") * 9 / 10)) "$trace" >"$work/cut.trace"
"$view" "$work/cut.trace" -o "$work/cut.html" 2>"$work/err" || { cat "$work/err" && fail 'a trace that was cut off'; }
grep -q 'cut off' "$work/err" || fail 'it passes for a whole one'
