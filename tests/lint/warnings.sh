#!/bin/sh
# Build the kernel by a preset in which warnings are errors.
set -eu
cmake --preset "$1" >/dev/null
cmake --build "build/$1"
