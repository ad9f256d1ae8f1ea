#!/bin/sh
# box.sh TREE: recording in an empty root, with nothing but what the manual says; the
# trace is the one of the open air. Without /proc it is refused.
#
#     TRACE=quire-trace QUIRE=kernel PROGRAM=witness
set -u
tree=$1
command -v bwrap >/dev/null || exit 77
bwrap --unshare-all --ro-bind / / true 2>/dev/null || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/out"

box() {
    bwrap --unshare-all --die-with-parent --new-session --cap-drop ALL --clearenv \
        --setenv PATH /usr/bin --ro-bind /usr /usr --symlink usr/lib /lib \
        --symlink usr/lib64 /lib64 --symlink usr/bin /bin --tmpfs /tmp "$@" \
        --ro-bind "$tree" "$tree" --bind "$work/out" /out --chdir / \
        timeout -s KILL 60 "$TRACE" record --kernel "$QUIRE" --challenge 5 --jitter 1 \
        -o /out/trace "$PROGRAM" honest >"$work/stdout" 2>"$work/messages"
}

fail() {
    echo "$1"
    cat "$work/stdout" "$work/messages"
    exit 1
}

box --proc /proc --dev /dev || fail 'recording in the sandbox failed'
timeout -s KILL 60 "$TRACE" record --kernel "$QUIRE" --challenge 5 --jitter 1 -o "$work/trace" \
    "$PROGRAM" honest >/dev/null 2>&1
cmp "$work/trace" "$work/out/trace" || fail 'the traces differ'
box --dev /dev && fail 'without /proc it was not refused'
grep -q 'needs /dev and /proc' "$work/messages" || fail 'no reason given'
