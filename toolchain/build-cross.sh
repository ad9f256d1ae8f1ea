#!/bin/sh
# Build a bare-metal x86_64-elf toolchain (binutils, gcc for C, libgcc) from the
# distribution's own source packages. Once per machine; about 20 minutes on two
# idle cores and 1.3 GB while it runs, 61 MB afterwards.
#
#     toolchain/build-cross.sh [--prefix DIR] [--work DIR] [--jobs N] [--keep]
#
# The kernel does not need it: the distribution's gcc builds it too. What the
# cross compiler buys is a compiler with no idea of Linux (no default PIE, stack
# protector or CET), the same on every distribution.
#
# A step that finished leaves a stamp in the work directory, so an interrupted
# build goes on where it stopped.
set -eu

TARGET=x86_64-elf
prefix=$HOME/.local/quire-cross
work=${TMPDIR:-/tmp}/quire-cross-build
jobs=$(nproc)
keep=no

usage() {
    cat <<'END'
usage: toolchain/build-cross.sh [--prefix DIR] [--work DIR] [--jobs N] [--keep]

  --prefix DIR   install here (default: ~/.local/quire-cross)
  --work DIR     build here, 1.1 GB (default: /tmp/quire-cross-build)
  --jobs N       parallel jobs (default: one per processor)
  --keep         leave the work directory in place afterwards

Then put DIR/bin on PATH and use: cmake --workflow --preset cross
Exit status: 0 done, 2 usage, 3 something is missing or a build step failed.
END
}

fail() {
    status=$1
    shift
    printf 'build-cross: %s\n' "$*" >&2
    exit "$status"
}

while [ $# -gt 0 ]; do
    case $1 in
    --prefix | --work | --jobs)
        [ $# -ge 2 ] || fail 2 "$1 needs a value; try --help"
        case $1 in
        --prefix) prefix=$2 ;;
        --work) work=$2 ;;
        --jobs) jobs=$2 ;;
        esac
        shift 2
        ;;
    --keep) keep=yes && shift ;;
    --help) usage && exit 0 ;;
    *) fail 2 "unknown argument $1; try --help" ;;
    esac
done

PACKAGES='binutils-source gcc-12-source libgmp-dev libmpfr-dev libmpc-dev zlib1g-dev
flex bison gcc g++ make xz-utils'

check_packages() {
    missing=
    for package in $PACKAGES; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            missing="$missing $package"
    done
    [ -z "$missing" ] || fail 3 "packages are missing; run: sudo apt-get install$missing"
}

# step NAME COMMAND...: run a command once, its output in NAME.log.
step() {
    name=$1
    shift
    [ ! -e "$work/$name.done" ] || return 0
    printf 'build-cross: %s\n' "$name"
    if ! "$@" >"$work/$name.log" 2>&1; then
        tail -n 15 "$work/$name.log" >&2
        fail 3 "step $name failed; its output is in $work/$name.log"
    fi
    : >"$work/$name.done"
}

unpack_binutils() {
    mkdir -p "$work/binutils"
    tar -C "$work/binutils" --strip-components=1 -xf /usr/src/binutils/binutils-*.tar.xz
}

# Only the parts that a C compiler needs. D stays (its target hooks are read for
# every language), and the top-level testsuite directories
# too (configure looks for files in some of them).
unpack_gcc() {
    mkdir -p "$work/gcc"
    tar -C "$work/gcc" --strip-components=1 \
        --exclude='*/gcc/testsuite/*/*' --exclude='*/gcc/ada/*' \
        --exclude='*/libgo/*' --exclude='*/libphobos/*' --exclude='*/libstdc++-v3/testsuite/*' \
        -xf /usr/src/gcc-12/gcc-12*.tar.xz
}

# A second libgcc without the red zone, fit for code that takes interrupts on
# its own stack. GCC ships the makefile fragment for it but does not use it for
# bare x86_64-elf: one line in config.gcc switches it on.
patch_gcc() {
    printf 'MULTILIB_OPTIONS += mno-red-zone\nMULTILIB_DIRNAMES += no-red-zone\n' \
        >"$work/gcc/gcc/config/i386/t-x86_64-elf"
    if ! grep -A1 '^x86_64-\*-elf\*)' "$work/gcc/gcc/config.gcc" | grep -q t-x86_64-elf; then
        sed -i '/^x86_64-\*-elf\*)/a\	tmake_file="${tmake_file} i386/t-x86_64-elf"' \
            "$work/gcc/gcc/config.gcc"
    fi
    grep -A1 '^x86_64-\*-elf\*)' "$work/gcc/gcc/config.gcc" | grep t-x86_64-elf
}

configure_binutils() {
    mkdir -p "$work/build-binutils" && cd "$work/build-binutils"
    ../binutils/configure --target=$TARGET --prefix="$prefix" --with-sysroot --disable-nls \
        --disable-werror --disable-gdb --disable-gprofng --disable-gold \
        --enable-deterministic-archives
}

configure_gcc() {
    mkdir -p "$work/build-gcc" && cd "$work/build-gcc"
    ../gcc/configure --target=$TARGET --prefix="$prefix" --without-headers --with-newlib \
        --enable-languages=c --disable-nls --disable-shared --disable-threads --disable-lto \
        --disable-plugin --disable-bootstrap --disable-libssp --disable-libquadmath \
        --disable-libgomp --disable-libatomic --disable-libstdcxx --disable-decimal-float \
        --with-system-zlib
}

make_in() {
    directory=$1
    shift
    make -C "$work/$directory" -j"$jobs" MAKEINFO=true "$@"
}

# The distribution's tarball lacks the manual that gcc checks tm.texi against;
# the stamp says that the check was made.
install_gcc() {
    touch "$work/build-gcc/gcc/s-tm-texi"
    make_in build-gcc install-strip-gcc install-target-libgcc
}

check_packages
mkdir -p "$work" "$prefix" || fail 3 "cannot create $work or $prefix"
work=$(cd "$work" && pwd)
prefix=$(cd "$prefix" && pwd)
export CFLAGS='-O2 -pipe' CXXFLAGS='-O2 -pipe'

step unpack-binutils unpack_binutils
step configure-binutils configure_binutils
step make-binutils make_in build-binutils
step install-binutils make_in build-binutils install-strip
PATH=$prefix/bin:$PATH
step unpack-gcc unpack_gcc
step patch-gcc patch_gcc
step configure-gcc configure_gcc
step make-gcc make_in build-gcc all-gcc
step make-libgcc make_in build-gcc all-target-libgcc
step install-gcc install_gcc

rm -rf "$prefix/share/info" "$prefix/share/man"
[ $keep = yes ] || rm -rf "$work"
"$prefix/bin/$TARGET-gcc" --version | head -n 1
printf 'build-cross: done; now: export PATH="%s/bin:$PATH"\n' "$prefix"
