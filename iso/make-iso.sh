#!/bin/sh
# Make a bootable ISO of the kernel and one archive of programs:
#
#     make-iso.sh bios|bochs|hybrid KERNEL ARCHIVE CMDLINE OUT
#
#     /boot/quire.elf        the kernel, without debugging information
#     /boot/run.cpio         the archive, handed over as a Multiboot2 module
#     /boot/grub/grub.cfg    from grub.cfg.in beside this script
#
# "bios" is small and starts fast; "bochs" is the same for Bochs; "hybrid" boots by BIOS and UEFI, from a CD
# or copied to a USB stick.
#
# The same input gives the same bytes.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
firmware=$1 kernel=$2 archive=$3 cmdline=$4 out=$5

fail() {
    printf 'make-iso: %s\n' "$*" >&2
    exit 1
}

work=$(mktemp -d "${TMPDIR:-/tmp}/make-iso-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

[ -r "$kernel" ] || fail "there is no kernel at $kernel"

# The live map wants a framebuffer; GRUB's drivers for one are not needed otherwise.
# In Bochs GRUB dies of the BIOS calls that set one up.
video='' payload='set gfxpayload=text' modules=
case "$firmware $cmdline " in
bochs* | *' text '*) ;;
*' show '* | *' show='*) video='insmod all_video' payload='' modules=all_video ;;
esac

tree=$work/tree
mkdir -p "$tree/boot/grub"
# GRUB would load the debugging sections into memory, too.
objcopy --strip-all "$kernel" "$tree/boot/quire.elf" 2>/dev/null ||
    cp "$kernel" "$tree/boot/quire.elf"
cp "$archive" "$tree/boot/run.cpio"
sed "s|@CMDLINE@|$cmdline|; s|@VIDEO@|$video|; s|@PAYLOAD@|$payload|" "$here/grub.cfg.in" >"$tree/boot/grub/grub.cfg"

"$here/pack-iso.sh" "$firmware" "$tree" "$out" "$modules"
