#!/bin/sh
# Is every C file formatted as .clang-format says? Mend: clang-format -i FILE.
set -eu
find src tools user tests -name '*.[ch]' -print0 |
    xargs -0 clang-format --dry-run --Werror --ferror-limit=1
