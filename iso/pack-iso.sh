#!/bin/sh
# Make a bootable ISO of a folder that has /boot/grub/grub.cfg:
#
#     pack-iso.sh bios|bochs|hybrid FOLDER OUT [GRUB-MODULES]
#
# The same input gives the same bytes: every date is set, which xorriso's last
# option wins (grub-mkrescue sets the clock's first), and so is the serial
# number of the EFI partition, which mformat would choose at random.
set -eu

firmware=$1 tree=$2 out=$3 modules=${4-}
date=2023111422132000

fail() {
    printf 'pack-iso: %s\n' "$*" >&2
    exit 1
}

work=$(mktemp -d "${TMPDIR:-/tmp}/pack-iso-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

command -v grub-mkrescue >/dev/null || fail "grub-mkrescue is not installed"
mkdir "$work/bin"

case $firmware in
bios | bochs)
    set -- --directory=/usr/lib/grub/i386-pc
    ;;
hybrid)
    [ -d /usr/lib/grub/x86_64-efi ] || fail "GRUB for UEFI is missing: install grub-efi-amd64-bin"
    set --
    ;;
*) fail "unknown firmware $firmware" ;;
esac

printf '#!/bin/sh\nexec %s -N 51554952 "$@"\n' "$(command -v mformat || echo mformat)" \
    >"$work/bin/mformat"
chmod +x "$work/bin/mformat"
export PATH="$work/bin:$PATH" SOURCE_DATE_EPOCH=1700000000

grub-mkrescue "$@" --themes= --fonts= --locales= \
    --install-modules="normal multiboot2 iso9660 serial terminal test echo halt $modules" \
    --output="$work/image.iso" "$tree" \
    --modification-date=$date --set_all_file_dates $date
mv "$work/image.iso" "$out"
