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
list=$(mktemp)
trap 'rm -f "$list"' EXIT

for directory in "$@"; do
    sed -n "s|^ *\"file\": \"\($root/$directory/.*\.c\)\",*\$|\1|p" "$tree/compile_commands.json"
done | sort -u >"$list"
[ -s "$list" ] || { echo "no files in $tree/compile_commands.json"; exit 1; }
echo "$(wc -l <"$list") files"
xargs -n 4 -P "$(nproc)" clang-tidy --quiet -p "$tree" \
    --extra-arg=-Wno-unknown-warning-option <"$list" 2>/dev/null
