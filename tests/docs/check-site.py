#!/usr/bin/python3
"""Is a built site whole, and alone? Every link and anchor inside it leads somewhere, and nothing is
loaded from outside it.

    check-site.py DIR

Exit status: 0 yes, 1 no, with a line for each thing that is wrong.
"""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src", "use": "href"}


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.anchors, self.links, self.loads = set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.anchors.update(filter(None, (attrs.get("id"), attrs.get("name"))))
        if tag == "a" and attrs.get("href"):
            self.links.append(attrs["href"])
        if tag in LOADS and attrs.get(LOADS[tag]) and attrs.get("rel") != "canonical":
            self.loads.append(attrs[LOADS[tag]])


def outside(url):
    return bool(urlsplit(url).netloc)


def problems(root):
    pages = {path.resolve(): Page(path.read_text(encoding="utf-8")) for path in root.rglob("*.html")}
    if not pages:
        yield "%s: no pages" % root
    for path, page in sorted(pages.items()):
        where = path.relative_to(root.resolve())
        for url in page.loads:
            if outside(url):
                yield "%s loads %s from the network" % (where, url)
            elif not url.startswith("data:") and not (path.parent / unquote(urlsplit(url).path)).exists():
                yield "%s loads %s, which is not there" % (where, url)
        for url in page.links:
            parts = urlsplit(url)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.exists():
                yield "%s links to %s, which is not there" % (where, url)
            elif parts.fragment.startswith("t="):
                continue  # an instant of a trace's page: its script goes there
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
                yield "%s links to %s: the page has no such place" % (where, url)
    for sheet in root.rglob("*.css"):
        for url in re.findall(r"(?:@import\s*[\"']|url\()\s*[\"']?([^\"')]+)", sheet.read_text(encoding="utf-8")):
            if outside(url):
                yield "%s loads %s from the network" % (sheet.relative_to(root), url)
            elif not url.startswith(("data:", "#")) and not (sheet.parent / url).exists():
                yield "%s loads %s, which is not there" % (sheet.relative_to(root), url)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: check-site.py DIR")
    found = sorted(set(problems(Path(sys.argv[1]))))
    print("\n".join(found[:50] + ["site: %d things wrong" % len(found)]))
    sys.exit(1 if found else 0)


main()
