#!/bin/sh
# Files that are no programs, given to the runner as PROG: status 125, one line
# on standard error that begins with "quire: ", nothing on standard output.
#
#     refuse.sh FILE...
set -eu

runner=${QUIRE_RUN:?names the runner}
failed=0
for file in "$@"; do
    status=0
    said=$("$runner" --direct --timeout 60 "$file" </dev/null 2>&1) || status=$?
    printf '%s\n' "$said"
    case $said in
    *"
"*) lines=many ;;
    "quire: "*) lines=one ;;
    *) lines=odd ;;
    esac
    if [ "$status" -ne 125 ] || [ $lines != one ]; then
        echo "FAILED: $file: status $status, $lines lines"
        failed=1
    fi
done
exit $failed
