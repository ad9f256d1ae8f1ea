#!/bin/sh
# Make a boot image whose menu has all demos:
#
#     menu.sh hybrid|bochs OUT
#
#     /boot/quire.elf, /boot/no-flush.elf    the kernels
#     /boot/NAME.cpio                        each demo as ./quire run would pack it
#
# Every demo draws the live map. When it is over, a key restarts the machine, which
# brings the menu back.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
firmware=$1 out=$2
runner=$root/build/host/tools/run/quire-run

work=$(mktemp -d "${TMPDIR:-/tmp}/quire-menu-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
boot=$work/boot
mkdir -p "$boot/grub"

# Bochs: GRUB's drivers for the screen do not work there; the map has one of its own.
video='insmod all_video' modules=all_video
[ "$firmware" != bochs ] || video='' modules=''

for kernel in quire no-flush; do
    objcopy --strip-all "$root/build/default/$kernel.elf" "$boot/$kernel.elf"
done
sed "s|@VIDEO@|$video|" "$here/grub.cfg.in" >"$boot/grub/grub.cfg"
grep -v '^#' "$root/user/demos/list.txt" | while read -r name seconds kernel view title; do
    words='show hold again'
    [ "$view" = whole ] || words="$words $view"
    "$runner" --pack "$boot/$name.cpio" "$root/build/host/user/demos/$name" --pace --captions \
        </dev/null
    cat >>"$boot/grub/grub.cfg" <<END
menuentry "$title ($seconds s)" --id $name {
    if multiboot2 /boot/$kernel.elf seed=1 $words; then
        if module2 /boot/$name.cpio run.cpio; then
            boot
        fi
    fi
}
END
done
"$root/iso/pack-iso.sh" "$firmware" "$work" "$out" "$modules"
