#!/bin/bash
# A package, used as its platform would: unpacked into an empty folder, its scripts run by
# a container's root without rights, network or namespaces, for a right and a wrong
# submission, one that does not compile, and one that cannot be graded.
#
#     package.sh TREE gradescope|autolab
#
# PACKAGE is quire-package. The wrong submission fails a hidden check, too.
set -eu
tree=$1 platform=$2
here=$(dirname -- "$(readlink -f -- "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

die() {
    printf 'FAILED: %s\n' "$*"
    tail -n 30 "$work/log" 2>/dev/null || true
    exit 1
}

# container FOLDER AT DIRECTORY COMMAND...: run it there, with FOLDER as AT.
container() {
    folder=$1 at=$2 directory=$3
    shift 3
    timeout 900 bwrap --unshare-user --uid 0 --gid 0 --unshare-pid --unshare-ipc --unshare-net \
        --disable-userns --cap-drop ALL --new-session --die-with-parent --ro-bind /usr /usr \
        --symlink usr/bin /bin --symlink usr/sbin /sbin --symlink usr/lib /lib \
        --symlink usr/lib64 /lib64 --ro-bind /etc /etc --proc /proc --dev /dev --tmpfs /tmp \
        --dir /root --bind "$folder" "$at" --chdir "$directory" --clearenv --setenv HOME /root \
        --setenv PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

# hand_in FOLDER [SED-SCRIPT]: lab 2's files, with a mistake.
hand_in() {
    mkdir -p "$1/src"
    cp -r "$tree/src/pmm" "$1/src"
    [ -z "${2-}" ] || sed -i "$2" "$1/src/pmm/buddy.c"
}

# Merging forgets that the buddy is on a list: frames are handed out twice.
wrong='s/^\( *\)free_list_remove(buddy).*$/\1(void)buddy;/'
broken='s/^#include "pmm.*/&\nint x = nowhere;/'

make_hand_ins() {
    hand_in "$work/in/right"
    hand_in "$work/in/wrong" "$wrong"
    hand_in "$work/in/broken" "$broken"
    hand_in "$work/in/lacking"
    rm "$work/in/lacking/src/pmm/frame.c"
    ! cmp -s "$work/in/wrong/src/pmm/buddy.c" "$tree/src/pmm/buddy.c" || die 'the mistake is none'
    ! cmp -s "$work/in/broken/src/pmm/buddy.c" "$tree/src/pmm/buddy.c" || die 'the break is none'
}

# Gradescope: /autograder with source/, submission/, results/ and run_autograder.
gradescope() {
    "$PACKAGE" gradescope --lab 2 -o "$work/package.zip" >"$work/log"
    mkdir -p "$work/autograder/source"
    (cd "$work/autograder/source" && cmake -E tar xf "$work/package.zip")
    cp "$work/autograder/source/run_autograder" "$work/autograder"
    chmod +x "$work/autograder/run_autograder"
    container "$work/autograder" /autograder /autograder bash /autograder/source/setup.sh \
        >"$work/log" 2>&1 || die 'setup.sh'
    grep -q '^100 of 100 points' "$work/log" || die 'the reference has no full points'
    for name in right wrong broken lacking; do
        rm -rf "$work/autograder/submission" "$work/autograder/results"
        cp -r "$work/in/$name" "$work/autograder/submission"
        mkdir "$work/autograder/results"
        cp "$here/submission_metadata.json" "$work/autograder"
        container "$work/autograder" /autograder /autograder /autograder/run_autograder \
            >"$work/log" 2>&1 || [ "$name" = lacking ] || die "run_autograder for $name"
        cp "$work/log" "$work/$name.out"
        [ ! -e "$work/autograder/results/results.json" ] ||
            cp "$work/autograder/results/results.json" "$work/$name.json"
    done
}

# Autolab: an empty folder with the two files and the hand-in, and make.
autolab() {
    "$PACKAGE" autolab --lab 2 -o "$work/package" >"$work/log"
    for name in right wrong broken lacking; do
        rm -rf "$work/autograde"
        mkdir "$work/autograde"
        cp "$work/package/autograde.tar" "$work/autograde"
        cp "$work/package/autograde-Makefile" "$work/autograde/Makefile"
        tar -C "$work/in/$name" -cf "$work/autograde/handin.tar" .
        [ ! -d "$work/build" ] || { tar -C "$work/autograde" -xf "$work/package/autograde.tar" &&
            mv "$work/build" "$work/autograde/quire/build"; }
        container "$work/autograde" /home/autograde /home/autograde make \
            >"$work/log" 2>"$work/$name.err" || [ "$name" = lacking ] || die "make for $name"
        cp "$work/log" "$work/$name.out"
        mv "$work/autograde/quire/build" "$work/build" # as in an image where it was built once
    done
}

"$PACKAGE" "$platform" --lab 77 -o "$work/none" 2>"$work/log" && die 'a lab that is not there'
grep -q 'there is no such lab' "$work/log" || die 'that is not told'
make_hand_ins
"$platform"
/usr/bin/python3 "$here/package_check.py" "$platform" "$work" || die 'see above'
