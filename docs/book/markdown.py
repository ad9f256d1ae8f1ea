"""From the Markdown of docs/ and labs/, readable as it is, to the book's pages.

Two things are added on the way:

 - A link that stands alone, [`src/vm/cow.c`: `fault_own()`](../src/vm/cow.c), is followed by
   the code itself, taken from the tree now.
 - Links to files of the tree lead to the book's own pages: to a chapter, or to the source.
"""

import os
import re
from pathlib import Path

FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
LISTING = re.compile(r"^\[`?([\w./-]+)`?: `?(?:(\w+)\(\)|((?:struct|enum|union|class) \w+))`?\]\(([^)]+)\)$")
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
PICTURE = re.compile(r"^!\[([^\]]*)\]\((pictures/[\w-]+\.svg)\)$")


REFERENCE = "Reference"  # the part that the API belongs to


class Failure(Exception):
    """Something a document names is not there."""


def document_name(path):
    """The name of a document's page in the book: docs/vm.md is vm, a README an index."""
    path = Path(path)
    name = path.with_suffix("").as_posix()
    if path.name == "README.md" and path.parent.parent.name == "labs":
        return path.parent.as_posix()
    name = re.sub(r"README$", "index", name)
    return re.sub(r"^docs/", "", name)


def show_code(tree, path, name):
    try:
        piece = tree.piece(path, name)
    except KeyError:
        raise Failure("%s does not define %s" % (path, name)) from None
    from tree import language

    fence = "~~~~~~"
    return "%s{code-block} %s\n:force:\n\n%s\n%s" % (fence, language(path), tree.lines(piece), fence)


class Page:
    """One document on its way into the book."""

    def __init__(self, book, path):
        self.book = book  # .tree, .documents: path -> name
        self.path = path
        self.folder = os.path.dirname(path)

    def text(self):
        source = (self.book.tree.root / self.path).read_text(encoding="utf-8")
        out, fence = [], None
        for line in source.split("\n"):
            found = FENCE.match(line)
            if fence:
                if found and line.strip().startswith(fence) and line.strip("`~ ") == "":
                    fence = None
                out.append(line)
            elif found:
                fence = found.group(1)
                out.append(line)
            else:
                out.append(self.line(line))
        return "\n".join(out)

    def line(self, line):
        picture = PICTURE.match(line)
        if picture:
            return self.picture(*picture.groups())
        linked = LINK.sub(self.link, line)
        listing = LISTING.match(line)
        if not listing:
            return linked
        path, function, type_, _ = listing.groups()
        return "%s\n\n%s\n" % (linked, show_code(self.book.tree, path, function or type_))

    def picture(self, text, target):
        """Pictures are put into the page, so that they follow its colours and can be searched."""
        svg = (self.book.tree.root / self.folder / target).read_text(encoding="utf-8")
        svg = re.sub(r"<\?xml.*?\?>\s*", "", svg)
        return '~~~~~~{raw} html\n<figure class="quire-picture">%s<figcaption>%s</figcaption></figure>\n~~~~~~' % (
            svg, text)

    def link(self, found):
        mark, text, target = found.groups()
        if mark or re.match(r"[a-z]+:|#", target):
            return found.group(0)
        file, _, anchor = target.partition("#")
        path = os.path.normpath(os.path.join(self.folder, file))
        name = self.book.documents.get(path)
        if name:
            here = os.path.dirname(self.book.documents[self.path])
            target = os.path.relpath(name, here or ".") + ".md"
            return "[%s](%s%s)" % (text, target, "#" + anchor if anchor else "")
        if path in self.book.tree.texts:
            return "[%s](quire:%s)" % (text, path)
        if not (self.book.tree.root / path).exists() and not self.book.is_students:
            raise Failure("%s: no such file: %s" % (self.path, target))
        return text  # a folder, a file that the book does not show, or a student does not have


def contents(book):
    """Parts and pages in the order of docs/README.md: [(heading, [path])]."""
    parts = []
    for line in (book.tree.root / "docs/README.md").read_text(encoding="utf-8").split("\n"):
        if line.startswith("## "):
            parts.append((line[3:], []))
        found = re.match(r"^(?:- |\d+\. )\[[^\]]*\]\(([^)#]+\.md)\)", line)
        if found and parts:
            parts[-1][1].append(os.path.normpath(os.path.join("docs", found.group(1))))
    return [part for part in parts if part[1]]
