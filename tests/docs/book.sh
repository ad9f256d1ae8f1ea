#!/bin/sh
# The book: it builds without a warning, its links lead somewhere, it needs no network, the code in
# it is the tree's, and a document that names what is not there does not pass.
#
#     book.sh CASE WORK
#
# Cases: site, wrong. WORK is a folder for what is built. Exit status 77: no Sphinx or no theme.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
case_name=$1 work=$2
mkdir -p "$work"

die() {
    printf '%s: %s\n' "$case_name" "$*" >&2
    exit 1
}

# build ROOT OUTPUT [OPTION...]
build() {
    tree=$1 output=$2
    shift 2
    QUIRE_BOOK_WORK="$work/$case_name" /usr/bin/python3 "$tree/docs/book/build.py" -o "$output" "$@"
}

case_site() {
    /usr/bin/python3 -c 'import sphinx, furo, myst_parser' 2>/dev/null || {
        echo 'skipped: Sphinx, its theme or its Markdown reader is missing; ./quire setup book'
        exit 77
    }
    rm -rf "$work/site" "$work/html"
    build "$root" "$work/html" --demos tlb
    grep -q 'href="demos/index.html"' "$work/html/demos.html" || die 'no link to the demos'
    grep -q '<title>Quire' "$work/html/demos/tlb.html" || die 'no page of the demo'
    "$here/check-site.py" "$work/html"
    # A listing is the function as it stands in the tree, whatever that is today.
    /usr/bin/python3 "$here/listing.py" "$root" "$work/html"
    grep -q 'as_clone_cow' "$work/html/searchindex.js" || die 'as_clone_cow cannot be searched'
    grep -q 'id="c.as_clone_cow"' "$work/html/api/vm.html" || die 'as_clone_cow has no contract'
    # Debian's theme is mended: scripts that a browser loads from disk, and the system's dark mode.
    ! grep -q '^import ' "$work/html/_static/scripts/furo.js" || die 'a script imports a module'
    grep -q 'prefers-color-scheme' "$work/html/_static/styles/furo.css" || die 'no dark mode'
    # It does not write into a folder that is somebody's.
    mkdir -p "$work/mine"
    echo keep >"$work/mine/file"
    ! build "$root" "$work/mine" 2>/dev/null || die 'built over a folder that holds no book'
    [ "$(cat "$work/mine/file")" = keep ] || die 'a file was lost'
}

# expect_refused TEXT LINE: a document with this line is refused, with these words.
expect_refused() {
    cp "$work/tree/docs/vm.md.good" "$work/tree/docs/vm.md"
    printf '\n%s\n' "$2" >>"$work/tree/docs/vm.md"
    ! build "$work/tree" "$work/tree/out" >"$work/out" 2>&1 || die "built with: $2"
    grep -qF "$1" "$work/out" || die "not named: $1: $(cat "$work/out")"
}

case_wrong() {
    rm -rf "$work/tree" "$work/wrong"
    mkdir "$work/tree"
    for folder in docs src labs tests; do
        cp -r "$root/$folder" "$work/tree/"
    done
    cp "$root/quire" "$work/tree/"
    cp "$work/tree/docs/vm.md" "$work/tree/docs/vm.md.good"
    expect_refused 'src/vm/cow.c does not define no_such_function' \
        '[`src/vm/cow.c`: `no_such_function()`](../src/vm/cow.c)'
    expect_refused 'no such file: ../src/vm/nowhere.c' '[text](../src/vm/nowhere.c)'
    cp "$work/tree/docs/vm.md.good" "$work/tree/docs/vm.md"
    echo '# Nowhere in the list' >"$work/tree/docs/stray.md"
    ! build "$work/tree" "$work/tree/out" >"$work/out" 2>&1 || die 'built with a stray document'
    grep -q 'docs/stray.md is not in the lists of docs/README.md' "$work/out" || die "$(cat "$work/out")"
}

"case_$case_name"
