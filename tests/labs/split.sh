#!/bin/sh
# The proof of a lab's split, split.sh LAB: the student's tree is the reference without
# the lab's functions, and nothing else. It builds without a warning by gcc and clang,
# boots up to where the first missing function is named, holds no line of the
# solution; with the bodies back it is the reference, byte for byte.
# The environment names the tools: QUIRE_LAB, PROVE, RUN, HELLO, and SOURCE, the tree.
set -eu

lab=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tree=$scratch/tree

fail() {
    printf 'FAILED: %s\n' "$*"
    exit 1
}

step() {
    printf -- '-- %s\n' "$*"
}

# Compile the C files that differ from the reference, without a warning, with these flags.
compile_changed() {
    compiler=$1
    shift
    find "$tree/src" -name '*.c' | while read -r file; do
        cmp -s "$file" "$SOURCE/src/${file#"$tree/src/"}" && continue
        "$compiler" -fsyntax-only -std=gnu2x -Wall -Wextra -Werror "$@" -I"$tree/src" "$file" ||
            exit 1
    done
}

step "make the tree"
"$QUIRE_LAB" --root "$SOURCE" new "$lab" "$tree" --student 'A "student"'
folder=$(cd "$tree" && echo labs/"$(cat labs/current)"-*)
[ "$(git -C "$tree" rev-list --count --all)" = 1 ] || fail "not one commit"
[ -z "$(git -C "$tree" status --porcelain)" ] || fail "not everything is committed"

step "nothing of the solution, and nothing compiled"
find "$tree" -name .git -prune -o -type f -print >"$scratch/files"
[ "$(wc -l <"$scratch/files")" -gt 300 ] || fail "a tree of few files"
if xargs file -N <"$scratch/files" | grep -E 'ELF|ar archive|pc bitcode'; then
    fail "something compiled is in the tree"
fi
if grep -E '/(zoo|odd|cheats)/|hidden\.toml$|/zoo\.md$' "$scratch/files"; then
    fail "what students must not see is in the tree"
fi
"$PROVE" leaks "$tree" "$SOURCE" "$lab"

if grep -q '^\[\[function' "$SOURCE/$folder/lab.toml"; then
    step "it builds without a warning: gcc, all of the kernel"
    (cd "$tree" && cmake --preset strict && cmake --build build/strict) >"$scratch/log" 2>&1 ||
        { cat "$scratch/log" && fail "the kernel does not build"; }
    if grep -i 'warning' "$scratch/log"; then fail "warnings"; fi
    step "and what is blanked by clang, and on the host"
    kernel_flags='-ffreestanding -mcmodel=kernel -mno-red-zone -mgeneral-regs-only
        -Wstrict-prototypes -Wmissing-prototypes -Wvla'
    # shellcheck disable=SC2086 # a list
    compile_changed clang --target=x86_64-linux-gnu $kernel_flags
    # shellcheck disable=SC2086
    compile_changed clang --target=x86_64-linux-gnu $kernel_flags -DQUIRE_DEBUG=1

    step "it boots up to the first missing function"
    status=0
    timeout 60 "$RUN" --direct --kernel "$tree/build/strict/quire.elf" --timeout 20 "$HELLO" \
        >"$scratch/run" 2>&1 </dev/null || status=$?
    if [ "$status" != 42 ]; then
        sed -n 's/^ *name = "\(.*\)"$/\1/p' "$SOURCE/$folder/lab.toml" >"$scratch/names"
        grep "lab $(cat "$tree/labs/current"): " "$scratch/run" | grep -F -f "$scratch/names" ||
            { cat "$scratch/run" && fail "ended with $status without naming what is missing"; }
    else
        step "the kernel lives without the lab's functions"
        grep -qx "hello, world" "$scratch/run" || { cat "$scratch/run" && fail "hello did not run"; }
    fi
fi

step "with the bodies back it is the reference"
"$PROVE" restore "$tree" "$SOURCE" "$lab"
git -C "$tree" ls-files | while read -r file; do
    case $file in
    "$folder"/answers.toml | labs/current | "$folder"/reference/*) continue ;;
    esac
    cmp "$tree/$file" "$SOURCE/$file" 2>&1 || fail "$file differs from the reference"
done
cd "$tree" && git diff --stat
