#!/bin/bash
# Which files a package takes from a tree with git: those that git knows, and those that it does
# not know yet, but nothing that lies beside the project.
#
# PACKAGE is quire-package, SOURCE the tree that its scripts come from.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree="$work/it's a tree"

# file PATH...: empty ones in the tree.
file() {
    for path in "$@"; do
        mkdir -p "$(dirname "$tree/$path")"
        : >"$tree/$path"
    done
}

file src/known.c src/gone.c labs/7-fork/rubric.toml
mkdir -p "$tree/tools/grade"
cp -r "$SOURCE/tools/grade/package" "$tree/tools/grade"
printf '/build/\n' >"$tree/.gitignore"
git -C "$tree" init -q
git -C "$tree" add -A
rm "$tree/src/gone.c"
file labs/7-fork/programs/fresh.c labs/7-fork/hidden.toml labs/7-fork/answers.toml src/known.c~ \
    src/.known.c.swp build/host/junk results-7/alice/result.json grades.csv

"$PACKAGE" gradescope --root "$tree" --lab 7 -o "$work/package.zip" >"$work/out" 2>&1
cmake -E tar tf "$work/package.zip" | grep '^quire/' | grep -v /package/ | sort >"$work/has"
diff "$work/has" - <<'END'
quire/.gitignore
quire/labs/7-fork/hidden.toml
quire/labs/7-fork/programs/fresh.c
quire/labs/7-fork/rubric.toml
quire/src/known.c
END
grep -q 'not in git yet, and packed: labs/7-fork/programs/fresh.c$' "$work/out"
