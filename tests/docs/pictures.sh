#!/bin/sh
# Do the pictures in docs/pictures still tell what the machine does? They are drawn again from new
# recordings; what they say must be the same, but for numbers: ticks and frames move with every
# change of the kernel, the story does not.
#
#     TRACE=quire-trace pictures.sh
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The words of a picture, numbers as #, in any order.
words() {
    sed -n 's/.*<text[^>]*>\(.*\)<\/text>.*/\1/p' "$1" |
        sed -E 's/0x[0-9a-f]+/#/g; s/[0-9]+([^0-9a-zA-Z ][0-9]{3})+/#/g; s/[0-9]+/#/g' | sort
}

"$root/docs/pictures/make.sh" "$work"
count=0
for picture in "$root"/docs/pictures/*.svg; do
    name=$(basename "$picture")
    [ -s "$work/$name" ] || { echo "$name is not drawn any more"; exit 1; }
    words "$picture" >"$work/old"
    words "$work/$name" >"$work/new"
    [ -s "$work/new" ] || { echo "$name has no words"; exit 1; }
    diff "$work/old" "$work/new" || {
        echo "$name says something else now; look at it: docs/pictures/make.sh draws it again"
        exit 1
    }
    count=$((count + 1))
done
[ "$count" -gt 3 ] || { echo "only $count pictures"; exit 1; }
echo "pictures: $count say what the machine does"
