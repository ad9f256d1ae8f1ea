#!/bin/sh
# Wait until no process has this in its command line. What is killed needs a moment to be gone,
# and longer where the CPUs are busy.
#
#     nobody_left.sh PATTERN
#
# Exit status: 1 if somebody is left after 20 s, who is named then.
others() {
    pgrep -af -- "$1" | grep -v "^$$ "
}

for _ in $(seq 200); do
    others "$1" >/dev/null || exit 0
    sleep 0.1
done
echo 'left running:'
others "$1"
exit 1
