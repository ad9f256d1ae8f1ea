#!/bin/sh
# record_refusals.sh: where nothing can be recorded, one line says why, and the
# status is 121 for Bochs and the host, 125 for the command line and the kernel.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# refuses STATUS TEXT COMMAND...: one line, which holds TEXT.
refuses() {
    want=$1 text=$2
    shift 2
    timeout -s KILL 60 "$@" >"$work/out" 2>"$work/err"
    got=$?
    [ "$got" = "$want" ] && [ "$(wc -l <"$work/err")" = 1 ] && grep -q -- "$text" "$work/err" &&
        return
    echo "$*: status $got, not $want, and it says:"
    cat "$work/err"
    failed=1
}

set_kernel='--no-program --mem 64M --kernel'
# shellcheck disable=SC2086 # a list of words
record() {
    status=$1 text=$2
    shift 2
    refuses "$status" "$text" "$@" record $set_kernel "$KERNEL" -o "$work/trace"
}

mkdir "$work/bin" "$work/other"
ln -s "$(command -v sha256sum)" "$work/bin/sha256sum"
record 121 'not installed' env PATH="$work/bin" "$TRACE"

# A program of that name that is something else.
cat >"$work/other/bochs-bin" <<'END'
#!/bin/sh
echo 'Bochs x86 Emulator 9.9'
END
chmod +x "$work/other/bochs-bin"
record 125 'Bochs ended by itself' env PATH="$work/other:/usr/bin:/bin" "$TRACE"

# A Bochs without instrumentation, and a host that lets no code be changed.
sed 's/bx_instr_reset/bx_instr_gone_/' "$(command -v bochs-bin)" >"$work/bin/bochs-bin"
chmod +x "$work/bin/bochs-bin"
record 121 'bx_instr' env PATH="$work/bin" "$TRACE"
record 121 'does not let code be changed' "$NO_MPROTECT" "$TRACE"

# shellcheck disable=SC2086
{
    refuses 125 'no 64-bit ELF' "$TRACE" record $set_kernel "$0" -o "$work/trace"
    refuses 125 'no Multiboot2' "$TRACE" record $set_kernel "$EVENTS" -o "$work/trace"
    refuses 125 'cannot write' "$TRACE" record $set_kernel "$KERNEL" -o "$work/none/trace"
    refuses 125 'no function' "$TRACE" record --calls nobody $set_kernel "$KERNEL" -o "$work/trace"
    cp "$KERNEL" "$work/kernel"
    refuses 125 'would be overwritten' "$TRACE" record --no-program --mem 64M \
        --kernel "$work/kernel" -o "$work/kernel"
    cmp "$KERNEL" "$work/kernel" || failed=1
    refuses 125 'cannot open the program' "$TRACE" record --kernel "$KERNEL" -o "$work/refused" \
        "$work/none"
    [ ! -e "$work/refused" ] || { echo 'a refusal leaves a trace' && failed=1; }
    refuses 125 '-o FILE' "$TRACE" record $set_kernel "$KERNEL"
}
exit $failed
