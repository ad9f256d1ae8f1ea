#!/bin/sh
# Print labs/zoo.md, the wrong solutions of all labs, from the files themselves:
#
#     tests/labs/zoo-table.sh >labs/zoo.md       make it anew
#     tests/labs/zoo-table.sh --check            is it what the files say?
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)

# The head comment's two parts, as two cells of a table.
cells() {
    awk '
        NR == 1 { next }
        /^ \*\// { exit }
        { sub(/^ \*/, ""); sub(/^ /, "") }
        /^$/ { next }
        sub(/^Misconception: /, "") { part = 1 }
        sub(/^Fails: /, "") { part = 2 }
        sub(/^Perhaps: /, "") { part = 3 }
        { text[part] = text[part] (text[part] == "" ? "" : " ") $0 }
        END {
            gsub(/\|/, "\\|", text[1])
            first = toupper(substr(text[1], 1, 1))
            n = split(text[2], id, /, */)
            for (i = 1; i <= n; i++)
                checks = checks (i > 1 ? ", " : "") "`" id[i] "`"
            n = split(text[3], id, /, */)
            for (i = 1; i <= n; i++)
                checks = checks (i > 1 ? ", " : "; perhaps ") "`" id[i] "`"
            printf " %s | %s |\n", first substr(text[1], 2), checks
        }' "$1"
}

title() {
    sed -n 's/^title = "\(.*\)"$/\1/p' "$1/lab.toml" | head -n 1
}

table() {
    cat <<'END'
# The bug zoo

Wrong solutions that people really write, what they thought, and the checks that tell. Each is a file
`labs/N-name/zoo/NAME.c` with the functions that it replaces; the tests grade every one of them, and exactly the
checks named here must fail, those behind "perhaps" by chance. To see one fail, and what a student is told then:

```
./quire grade --lab 7 --bodies labs/7-fork/zoo/no_flush.c
```

This page is made by `tests/labs/zoo-table.sh` from the files' head comments.
END
    find "$root/labs" -mindepth 1 -maxdepth 1 -name '[0-9]*-*' | sort -V | while read -r lab; do
        set -- "$lab"/zoo/*.[cS]
        [ -e "$1" ] || [ $# -gt 1 ] || continue
        name=${lab##*/}
        printf '\n## Lab %s: %s\n\n' "${name%%-*}" "$(title "$lab")"
        printf '| wrong solution | misconception | checks that catch it |\n| --- | --- | --- |\n'
        find "$lab/zoo" -name '*.[cS]' | sort | while read -r file; do
            base=${file##*/}
            printf '| [%s](%s/zoo/%s) |' "${base%.*}" "$name" "$base"
            cells "$file"
        done
    done
}

if [ "${1:-}" = --check ]; then
    table | diff -u "$root/labs/zoo.md" - || {
        echo "labs/zoo.md is not what the files say: tests/labs/zoo-table.sh >labs/zoo.md"
        exit 1
    }
else
    table
fi
