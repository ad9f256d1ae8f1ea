#!/bin/sh
# Each header compiles alone, as the first thing that a file includes.
set -eu

status=0
# check FLAGS HEADER...
check() {
    flags=$1
    shift
    for header in "$@"; do
        # shellcheck disable=SC2086
        if ! printf '#include "%s"\n' "$(realpath "$header")" |
            gcc -std=gnu2x -Wall -Wextra -Werror -fsyntax-only $flags -x c -; then
            echo "$header does not compile alone"
            status=1
        fi
        grep -q '^#pragma once' "$header" || { echo "$header: no #pragma once" && status=1; }
    done
}

# Headers for assembly too hold constants only, but are C all the same.
check '-ffreestanding -Isrc' src/*/*.h
# shellcheck disable=SC2046 # no path in the tree has a space
check '-D_GNU_SOURCE -Itools/run -Itools/trace -Itools/config -Itools/lab -Itools/grade -Itools/view' $(find tools -name '*.h')
exit $status
