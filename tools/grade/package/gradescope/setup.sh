#!/bin/sh
# Gradescope runs this once, when it builds the container.
set -eu
cd /autograder/source/quire
./quire setup run bochs grade
./quire grade --prepare --lab @LAB@
