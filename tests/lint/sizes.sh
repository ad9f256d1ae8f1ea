#!/bin/sh
# The budget: the kernel stays small enough to be read, and so does each piece.
set -eu

# Lines of code in .c files: what is left without blank lines, comments and lone braces.
code_lines() {
    find "$1" -name '*.c' -exec cat {} + | awk '
        {
            line = $0
            code = ""
            for (;;) {
                if (comment) {
                    end = index(line, "*/")
                    if (!end) break
                    line = substr(line, end + 2)
                    comment = 0
                }
                begin = index(line, "/*")
                if (!begin) { code = code line; break }
                code = code substr(line, 1, begin - 1)
                line = substr(line, begin + 2)
                comment = 1
            }
            gsub(/[ \t{};]/, "", code)
            if (code != "") lines++
        }
        END { print lines + 0 }'
}

for layer in lib arch boot pmm vm sched kern; do
    printf '%-6s %5d\n' "$layer" "$(code_lines "src/$layer")"
done
show=$(code_lines src/show)
c=$(($(code_lines src) - show))
asm=$(find src -name '*.S' ! -path 'src/show/*' -exec cat {} + | wc -l)
printf 'kernel: %d of 7000 lines of C code, %d of 450 lines of assembly\n' "$c" "$asm"
printf 'the live map: %d of 1300 lines of C code\n' "$show"
printf 'with comments, blank lines and headers: %d lines\n' \
    "$(find src -name '*.[ch]' -exec cat {} + | wc -l)"
status=0
[ "$c" -lt 7000 ] || status=1
[ "$asm" -lt 450 ] || status=1
[ "$show" -lt 1300 ] || status=1

# A function reaches from the first line of its signature to the } in column 1.
find src tools user tests -name '*.[ch]' -print | sort | xargs awk '
    FNR == 1 { if (file) end_file(); file = FILENAME; start = 0 }
    function end_file() { if (lines > 400) complain(file ": " lines " lines, at most 400"); files[++nf] = lines }
    function complain(text) { print "TOO LONG " text; bad = 1 }
    { lines = FNR }
    length($0) > 100 { complain(file ":" FNR ": " length($0) " columns, at most 100") }
    /^[A-Za-z_\[]/ && !start { start = FNR; name = $0 }
    !body && /^$|;$/ { start = 0 }
    /^{$/ && start { body = 1 }
    /^}$/ {
        if (body) {
            size = FNR - start + 1
            sizes[++n] = size
            if (size > 60) complain(file ":" start ": " size " lines, at most 60: " name)
        }
        start = body = 0
    }
    END {
        end_file()
        for (i = 1; i <= n; i++) count[sizes[i]]++
        for (s = 1; seen < n * 0.5; s++) seen += count[s]
        median = s - 1
        for (; seen < n * 0.9; s++) seen += count[s]
        printf "all of it: %d functions, median %d lines, p90 %d; %d files\n", n, median, s - 1, nf
        exit bad
    }' || status=1

printf 'longest files:\n'
find src tools user tests -name '*.[chS]' -exec wc -l {} + | grep -v ' total$' | sort -rn | head -5
exit $status
