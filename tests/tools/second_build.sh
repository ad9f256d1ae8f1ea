#!/bin/sh
# Building again with nothing changed does nothing.
set -eu
exec 9>build/.lock
flock 9
for tree in default host; do
    cmake --build "build/$tree" --target all >/dev/null
    cmake --build "build/$tree" --target all | tee "build/$tree.second" | tail -n 1 |
        grep -qx 'ninja: no work to do.' || { cat "build/$tree.second" && exit 1; }
    rm "build/$tree.second"
done
[ -L compile_commands.json ] && [ -e compile_commands.json ]
