#!/bin/sh
# Does what the documents name exist? For README.md, docs/*.md and the labs' handouts:
#
#     src/vm/fault.c               a path below one of the tree's folders: the file or folder
#     fault_own()                  a name with empty parentheses: a function of this tree, or
#                                  a system call, by its sys_ function
#     src/vm/fault.c: fault_own()  both, and the function is in that file
#     [text](vm.md#fork)           a relative link: the file, and the heading in it
#     `--mem`                      an option in backquotes: it occurs in the tools
#     ./quire run --mem            a command that ./quire has; the tools know its options
#     ./quire test unit            a label that it has
#
#     check-docs.sh [TREE]
#
# Exit status: 0 if all is there, 1 if something is not.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cd "${1:-$here/../..}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

documents() {
    ls README.md docs/*.md
    ls labs/*.md labs/*/README.md 2>/dev/null || true
}

sources() {
    find src tools user tests iso toolchain labs quire -type f \
        \( -name '*.[chS]' -o -name '*.sh' -o -name '*.py' -o -name '*.awk' -o -name '*.txt' -o -name quire \)
}

# "name file" for each function. Only definitions and prototypes begin in the first column.
index_functions() {
    sources | sort | while read -r file; do
        awk '
            function note(name) { print name, FILENAME }
            FILENAME ~ /\.[ch]$/ && /^[A-Za-z_#]/ {
                for (rest = $0; match(rest, /[A-Za-z_][A-Za-z0-9_]*\(/);
                     rest = substr(rest, RSTART + RLENGTH))
                    note(substr(rest, RSTART, RLENGTH - 1))
            }
            FILENAME ~ /\.[ch]$/ && /^TEST\(/ { split($0, part, /[()]/); note(part[2]) }
            FILENAME ~ /\.S$/ && /^[a-z_][a-z0-9_]*:/ { note(substr($0, 1, index($0, ":") - 1)) }
            FILENAME ~ /\.py$/ && /^ *def / { sub(/^ *def /, ""); sub(/\(.*/, ""); note($0) }
            FILENAME !~ /\.[chS]$/ && /^[a-z_][a-z0-9_]*\(\)/ { sub(/\(.*/, ""); note($0) }
        ' "$file"
    done
}

# "file anchor" for each heading, as GitHub makes them.
index_anchors() {
    for file in $(documents); do
        awk '
            /^ *```/ { code = !code }
            !code && /^#+ / {
                sub(/^#+ /, "")
                anchor = tolower($0)
                gsub(/[^a-z0-9 _-]/, "", anchor)
                gsub(/ /, "-", anchor)
                print FILENAME, anchor
            }
        ' "$file"
    done
}

# "kind line word [word]" for each name in a document.
extract_names() {
    awk '
        function path_begins(text, at) {
            return at == 1 || substr(text, at - 1, 1) !~ /[A-Za-z0-9_.\/~-]/
        }
        # A path, and a function in it if that follows.
        function note_path(path, rest, name) {
            sub(/[.,]+$/, "", path)
            print "path", NR, path
            if (!match(rest, /^`?: *`?[a-z_][a-z0-9_]*\(\)/))
                return
            name = substr(rest, 1, RLENGTH - 2)
            gsub(/[`: ]/, "", name)
            print "infile", NR, name, path
        }
        {
            text = $0
            for (at = 1; match(substr(text, at), TREE_PATH); at = end) {
                start = at + RSTART - 1
                end = start + RLENGTH
                if (path_begins(text, start))
                    note_path(substr(text, start, RLENGTH), substr(text, end))
            }
            for (at = 1; match(substr(text, at), /[a-z_][a-z0-9_]*\(\)/); at += RSTART + RLENGTH - 1)
                print "function", NR, substr(text, at + RSTART - 1, RLENGTH - 2)
            for (at = 1; match(substr(text, at), /\]\([^) ]+\)/); at += RSTART + RLENGTH - 1)
                print "link", NR, substr(text, at + RSTART + 1, RLENGTH - 3)
            for (at = 1; match(substr(text, at), /`--[a-z][a-z-]*/); at += RSTART + RLENGTH - 1)
                print "option", NR, substr(text, at + RSTART, RLENGTH - 1)
            for (at = 1; match(substr(text, at), /\.\/quire [a-z][a-z-]*/); at += RSTART + RLENGTH - 1)
                print "command", NR, substr(text, at + RSTART + 7, RLENGTH - 8)
            if (match(text, /\.\/quire test( [a-z][A-Za-z0-9._]*)+/)) {
                words = split(substr(text, RSTART, RLENGTH), word, " ")
                for (i = 3; i <= words; i++)
                    print "label", NR, word[i]
            }
            if (match(text, /\.\/quire [a-z]/)) {
                command = substr(text, RSTART)
                sub(/[#`|].*| -- .*/, "", command)
                for (at = 1; match(substr(command, at), / --[a-z][a-z-]+/); at += RSTART + RLENGTH - 1)
                    print "option", NR, substr(command, at + RSTART, RLENGTH - 1)
            }
        }
    ' TREE_PATH='(src|tools|user|tests|docs|iso|toolchain|labs|[.]ci)/[A-Za-z0-9_.*/-]+' "$1"
}

has_path() {
    case $1 in *NAME* | *N-name* | *answers.toml) return 0 ;; esac # placeholders; the student's
    for match in $1; do
        [ ! -e "$match" ] || return 0
    done
    return 1
}

# A link's file is beside the document; no file means the document itself.
has_link() {
    document=$1 target=${2%%#*} anchor=
    case $2 in
    *:*) return 0 ;;
    *'#'*) anchor=${2#*#} ;;
    esac
    if [ -n "$target" ]; then
        target=$(realpath -m --relative-to=. "$(dirname "$document")/$target")
    else
        target=$document
    fi
    [ -e "$target" ] || return 1
    [ -z "$anchor" ] || grep -qxF "$target $anchor" "$work/anchors"
}

has_name() {
    case $1 in
    path) has_path "$3" ;;
    function) grep -qE "^(sys_)?$3 " "$work/functions" ;;
    infile) grep -qxF "$3 $4" "$work/functions" ;;
    link) has_link "$2" "$3" ;;
    option) grep -qF -e "$3" "$work/sources" ;;
    command) grep -qE "^  $3( |\$)" "$work/commands" ;;
    label) grep -qxF -e "$3" "$work/labels" ;;
    esac
}

index_functions | sort -u >"$work/functions"
sources | xargs cat >"$work/sources"
./quire --help >"$work/commands"
./quire test --help | tr ',\n' '  ' | sed 's/.* labels: \([^.]*\)\..*/\1/' | tr -s ' ' '\n' >"$work/labels"
index_anchors >"$work/anchors"
count=0 missing=0
for document in $(documents); do
    extract_names "$document" | sort -u >"$work/names"
    while read -r kind line word file; do
        count=$((count + 1))
        has_name "$kind" "$document" "$word" "$file" && continue
        missing=$((missing + 1))
        [ "$kind" != infile ] || kind=function
        printf '%s:%s: no such %s: %s%s\n' "$document" "$line" "$kind" "$word" "${file:+ in $file}"
    done <"$work/names"
done
for document in docs/*.md labs/*.md labs/*/README.md; do
    grep -qF "](../$document)" docs/README.md || grep -qF "](${document#docs/})" docs/README.md ||
        [ "$document" = docs/README.md ] || [ ! -e "$document" ] || {
        missing=$((missing + 1))
        printf '%s: no list of docs/README.md leads to it\n' "$document"
    }
done
echo "docs: $count names looked up, $missing missing"
[ "$missing" -eq 0 ]
