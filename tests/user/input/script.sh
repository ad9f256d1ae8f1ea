# Read by busybox sh from standard input.
count() {
    n=0
    while [ $n -lt $1 ]; do
        n=$((n + 1))
        echo "line $n"
    done
}
count 3 | while read word number; do
    echo "$number: $word"
done
set -- $(seq 5)
total=0
for i in "$@"; do
    total=$((total + i))
done
echo "total $total"
trap '' TERM
kill -TERM $$
echo "still here"
echo "last" | sed 's/^/the /' | tr a-z A-Z
(exit 4) || echo "status $?"
exit 6
