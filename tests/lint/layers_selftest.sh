#!/bin/sh
# The layer check finds what it is there for.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for layer in lib arch boot pmm vm sched kern show; do
    mkdir -p "$work/src/$layer"
done

# check WHAT FILE LINE: the tree with this line must be refused; then it goes again.
check() {
    printf '%s\n' "$3" >"$work/src/$2"
    if tests/lint/layers.sh '' "$work/src" >/dev/null; then
        echo "not found: $1"
        exit 1
    fi
    rm "$work/src/$2"
}

printf '#include "lib/types.h"\n#include <stdint.h>\n' >"$work/src/vm/good.c"
tests/lint/layers.sh '' "$work/src"
check 'an include to the right' pmm/bad.c '#include "vm/pt.h"'
check 'an include to the right from assembly' arch/bad.S '#include "kern/trap.h"'
check 'an include of the map' kern/bad.c '#include "show/view.h"'
check 'a header of the host' lib/bad.h '#include <stdio.h>'
check 'an include without its layer' vm/bad.c '#include "pt.h"'
check 'an unknown layer' kern/bad.c '#include "net/tcp.h"'
check 'extern in a .c file' kern/bad.c 'extern int counter;'
