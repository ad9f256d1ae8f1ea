#!/bin/sh
# clang-tidy over the files of a build tree that lie below the given directories:
#
#     tidy.sh BUILD-TREE DIRECTORY...
#
# .clang-tidy says which checks.
set -eu
tree=$1
shift
root=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A file that several programs are made of is checked once.
jq 'unique_by(.file)' "$tree/compile_commands.json" >"$work/compile_commands.json"
for directory in "$@"; do
    jq -r --arg below "$root/$directory/" '.[].file | select(startswith($below) and endswith(".c"))' \
        "$work/compile_commands.json"
done >"$work/files"
[ -s "$work/files" ] || { echo "no files in $tree/compile_commands.json"; exit 1; }
echo "$(wc -l <"$work/files") files"
xargs -n 4 -P "$(nproc)" clang-tidy --quiet -p "$work" \
    --extra-arg=-Wno-unknown-warning-option <"$work/files" 2>/dev/null
