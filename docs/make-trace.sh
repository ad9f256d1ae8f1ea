#!/bin/sh
# Run the examples of docs/trace.md again, and put what they print now into it:
#
#     docs/make-trace.sh
#
# A line `<!-- run: COMMAND -->` stands above each block that shows output; the
# block's first line, beginning with $, is kept, the rest is what COMMAND prints.
# Commands run in a directory with the traces that prepare() records; `trace`
# there is ./quire trace.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

trace() {
    "$here/../quire" trace "$@" 2>&1
}

record() {
    name=$1
    shift
    trace record "$@" -o "$name" </dev/null >/dev/null 2>"$work/err" || true
    [ -s "$name" ] || { cat "$work/err"; exit 1; }
}

prepare() {
    # shellcheck disable=SC2016 # the source of a program
    printf '%s\n' '#include <stdio.h>' '#include <sys/wait.h>' '#include <unistd.h>' '' \
        'int shared = 1;' '' 'int main(int argc, char **argv)' '{' \
        '    if (fork() == 0)' '        _exit(shared = 2);' '    wait(NULL);' \
        '    if (argc > 1)' '        shared += argc;' \
        '    printf("%s: still %d\n", argv[0], shared);' '    return 0;' '}' >cow.c
    printf '%s\n' 'static int squares[16];' '' 'int main(void)' '{' \
        '    volatile int n = 4096;' '' \
        '    for (int i = 0; i < n; i++)' '        squares[i] = i * i;' '    return 0;' '}' >far.c
    musl-gcc -static -g -O1 cow.c -o cow
    musl-gcc -static -g far.c -o far
    record cow.trace ./cow
    record cow-64m.trace --mem 64M ./cow
    record cow-more.trace ./cow 1
    record stack.trace --calls all --kernel-arg crash=stack ./cow
    record far.trace ./far
}

# A line too long for the page is cut; whoever runs the command sees all of it.
shorten() {
    awk 'length > 150 { $0 = substr($0, 1, 149) "…" } { print }'
}

cd "$work"
prepare
command=
while IFS= read -r line; do
    case $line in
    '<!-- run: '*)
        command=${line#'<!-- run: '}
        command=${command%' -->'}
        printf '%s\n' "$line"
        ;;
    '```')
        if [ "$command" = in ]; then
            command=
        elif [ -n "$command" ]; then
            printf '```\n'
            IFS= read -r line
            printf '%s\n' "$line"
            eval "$command" | sed "s|$work/||g" | shorten
            command=in
            continue
        fi
        printf '```\n'
        ;;
    *) [ "$command" = in ] || printf '%s\n' "$line" ;;
    esac
done <"$here/trace.md" >"$work/new"
cp "$work/new" "$here/trace.md"
