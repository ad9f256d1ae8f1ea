#!/bin/sh
# Every wrong and every odd solution goes into the reference, and the outcome compiles.
# The environment names the tools, as for split.sh.
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
count=0

complain() {
    printf 'FAILED: %s\n' "$*"
    failed=1
}

compile() {
    case $1 in
    *.h) ;;
    *.S) gcc -c -o "$scratch/object" -I"$scratch/src" "$1" ;;
    *) gcc -fsyntax-only -std=gnu2x -ffreestanding -fno-pie -mcmodel=kernel -mno-red-zone \
        -mgeneral-regs-only -Wall -Wextra -Wno-unused -I"$scratch/src" "$1" ;;
    esac
}

cp -r "$SOURCE/labs" "$SOURCE/src" "$scratch"
for bodies in "$SOURCE"/labs/*/zoo/* "$SOURCE"/labs/*/odd/* "$SOURCE"/labs/9-bug-hunt/bugs/*; do
    [ -f "$bodies" ] || continue
    lab=$(basename "$(dirname "$(dirname "$bodies")")")
    if [ "$lab" = 9-bug-hunt ]; then
        lab=$(grep -A1 "^hunt = \"$(basename "$bodies" .c)\"" "$SOURCE/labs/$lab/rubric.toml" |
            sed -n 's/^lab = "\(.*\)"/\1/p')
    fi
    count=$((count + 1))
    "$PROVE" bodies "$scratch" "$lab" "$bodies" || { complain "$bodies" && continue; }
    changed=$(cd "$scratch" && diff -rq src "$SOURCE/src" | sed -n 's/^Files \(.*\) and .*/\1/p')
    [ -n "$changed" ] || complain "$bodies is the reference"
    for file in $changed; do
        compile "$scratch/$file" 2>"$scratch/log" ||
            { cat "$scratch/log" && complain "$bodies does not compile"; }
        cp "$SOURCE/$file" "$scratch/$file"
    done
done
printf '%d bodies files\n' "$count"
exit $failed
