#!/bin/sh
# The kernel's layers: a file may include, and an object may call, its own layer
# and those to its left, nothing to its right. There are no exceptions.
#
#     layers.sh [BUILD-TREE [SOURCE-DIRECTORY]]
set -eu

layers='lib arch boot pmm vm sched kern show'
tree=${1-}
src=${2-src}
failures=$(mktemp)
trap 'rm -f "$failures"' EXIT

# Includes: "layer/file.h" of an allowed layer, or a header that a freestanding
# compiler brings.
for layer in $layers; do
    find "$src/$layer" -name '*.[chS]' -exec grep -Hn '^ *# *include' {} + 2>/dev/null || true
done | awk -v layers="$layers" -v src="$src" '
    BEGIN { n = split(layers, name, " "); for (i = 1; i <= n; i++) rank[name[i]] = i }
    {
        split($0, part, ":")
        own = part[1]; sub("^" src "/", "", own); sub("/.*", "", own)
        if ($0 ~ /<(stdint|stddef|stdbool|stdarg|limits|stdalign|stdnoreturn)\.h>/) next
        if (!match($0, /"[^"]*"/)) { print $0 ": not a freestanding header"; next }
        other = substr($0, RSTART + 1, RLENGTH - 2)
        if (other !~ /\//) { print $0 ": name the layer"; next }
        sub("/.*", "", other)
        if (!(other in rank)) print $0 ": " other " is no layer"
        else if (rank[other] > rank[own]) print $0 ": " own " must not know " other
    }' >>"$failures"

grep -Hn '^extern' "$src"/*/*.c | sed 's/$/: declare it in a header/' >>"$failures" || true

# Calls: whatever an object leaves undefined must not be defined further right.
# kmain is where the trampoline hands the machine over, never to come back.
if [ -n "$tree" ]; then
    find "$tree" -path '*kernel_objects.dir*' \( -name '*.o' -o -name '*.obj' \) -print0 |
        xargs -0 nm -A -P | awk -v layers="$layers" '
    BEGIN { n = split(layers, name, " "); for (i = 1; i <= n; i++) rank[name[i]] = i }
    {
        file = $1; sub(/:$/, "", file)
        m = split(file, part, "/"); own = part[m - 1]
        if (!(own in rank)) next
        if ($3 == "U" && $2 != "kmain") { uses[++used] = $2; user[used] = own; where[used] = part[m] }
        else if ($3 ~ /[A-TV-Z]/) home[$2] = own
    }
    END {
        if (!used) print "no objects of the kernel found"
        for (i = 1; i <= used; i++)
            if (uses[i] in home && rank[home[uses[i]]] > rank[user[i]])
                print user[i] "/" where[i] " calls " uses[i] " of " home[uses[i]]
    }' >>"$failures"
fi

cat "$failures"
[ ! -s "$failures" ]
