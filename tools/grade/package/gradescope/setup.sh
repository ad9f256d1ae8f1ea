#!/bin/sh
# Gradescope runs this once, when it builds the container.
set -eu
cd /autograder/source/quire
./quire setup run bochs grade
# Grading the reference builds all that submissions share. Its verdict is of no interest here.
# shellcheck disable=SC2046 # no words where there is a sandbox
./quire grade --lab @LAB@ --reference $(./tools/grade/package/sandbox.sh) || true
