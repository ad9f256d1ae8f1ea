#!/usr/bin/python3
"""Is each listing in the book what its file says today? Looks at every link that stands alone in
docs/*.md and names a definition: the page must hold its lines, from the tree's file, in order.

    listing.py TREE SITE
"""

import html
import re
import sys
from pathlib import Path

MARK = re.compile(r"^\[`?([\w./-]+)`?: `?(?:(\w+)\(\)|((?:struct|enum) \w+))`?\]\([^)]+\)$", re.M)


def page_text(path):
    text = re.sub(r"<[^>]*>", "", path.read_text(encoding="utf-8"))
    return [line.strip() for line in html.unescape(text).split("\n") if line.strip()]


def definition(text, name):
    """The lines from the one that defines name to the } in the first column."""
    lines = text.split("\n")
    head = re.compile(r"^(?:[A-Za-z_].*)?\b%s(\(| \{|:)" % re.escape(name))
    for at, line in enumerate(lines):
        if head.match(line) or line == name + ":":
            end = next((i for i in range(at, len(lines)) if lines[i].startswith("}")), at)
            if not any(x.rstrip().endswith(";") for x in lines[at : at + 1]):
                return [x.strip() for x in lines[at : end + 1] if x.strip()]
    return []


def contains(page, wanted):
    first = [at for at, line in enumerate(page) if line == wanted[0]]
    return any(page[at : at + len(wanted)] == wanted for at in first)


def main():
    root, site = Path(sys.argv[1]), Path(sys.argv[2])
    count, bad = 0, 0
    for document in sorted(root.glob("docs/*.md")):
        marks = MARK.findall(document.read_text(encoding="utf-8"))
        if not marks:
            continue
        page = page_text(site / (document.stem + ".html"))
        for path, function, type_ in marks:
            count += 1
            if path.endswith(".S"):
                continue
            wanted = definition((root / path).read_text(encoding="utf-8"), function or type_)
            if not wanted or not contains(page, wanted):
                bad += 1
                print("%s: not as in %s: %s" % (document.name, path, function or type_))
    print("listings: %d looked at, %d wrong" % (count, bad))
    sys.exit(1 if bad or not count else 0)


main()
