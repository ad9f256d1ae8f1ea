#!/bin/sh
# Every shell script, by shellcheck.
set -eu
find quire .ci/run iso toolchain tests/lint tests/tools tests/demo tools -type f \
    \( -name '*.sh' -o -path quire -o -path .ci/run \) -print0 |
    xargs -0 shellcheck --severity=warning
