#!/bin/sh
# Take the characters from space to ~ out of Spleen's console fonts (Debian package
# fonts-spleen): raw glyphs, row by row, each row in whole bytes.
#
#     make.sh [DIRECTORY]
set -eu
cd "$(dirname "$0")"
fonts=${1:-/usr/share/consolefonts}
for size in 8x16 12x24 16x32; do
    width=${size%x*} height=${size#*x}
    bytes=$(((width + 7) / 8 * height))
    header=32 # PSF version 2; version 1, for glyphs 8 wide, has 4
    [ "$width" -gt 8 ] || header=4
    gunzip -c "$fonts/spleen-$size.psfu.gz" |
        tail -c +$((header + 32 * bytes + 1)) | head -c $((95 * bytes)) >"spleen-$size.bin"
done
