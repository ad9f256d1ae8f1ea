#!/usr/bin/python3
"""Build the book, docs/ and the labs' handouts, into a site that needs no network.

    docs/book/build.py [-o DIR] [-j N] [--demos [NAME...]]

Its order is that of the lists in docs/README.md. With --demos, demos.html leads to the pages of
the demos, which are recorded for it. Exit status: 0 done, 1 a document names what is not there
or Sphinx warned, 2 usage, 3 Sphinx or its theme is not installed, or what the demos want.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))

import api  # noqa: E402
import markdown  # noqa: E402
from tree import Tree  # noqa: E402


DEMOS_LINK = """

<p><a href="demos/index.html">The demos' pages of this book</a>: each to be gone through in time.</p>
"""


class Book:
    """The documents, and where each goes."""

    def __init__(self, root, has_demos=False):
        self.has_demos = has_demos
        self.tree = Tree(root)
        self.is_students = not (root / "tests/labs").exists()  # ./quire lab new leaves it out
        paths = sorted(root.glob("docs/*.md")) + sorted(root.glob("labs/*.md"))
        paths += sorted(root.glob("labs/*/README.md"))
        names = [path.relative_to(root).as_posix() for path in paths]
        self.documents = {name: markdown.document_name(name) for name in names}

    def strays(self):
        """Documents that docs/README.md does not lead to."""
        listed = {path for _, paths in markdown.contents(self) for path in paths}
        return ["%s is not in the lists of docs/README.md" % path
                for path in self.documents if path not in listed and path != "docs/README.md"]

    def write(self, folder):
        missing = self.strays()
        for path, name in self.documents.items():
            target = folder / (name + ".md")
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                text = markdown.Page(self, path).text()
            except markdown.Failure as failure:
                missing.append("%s: %s" % (path, failure))
                continue
            if path == "docs/README.md":
                text += self.table_of_contents()
            if path == "docs/demos.md" and self.has_demos:
                text += DEMOS_LINK
            target.write_text(text, encoding="utf-8")
        for kind in ("svg", "png"):
            for picture in self.tree.root.glob("docs/*." + kind):
                shutil.copy(picture, folder)
            for picture in self.tree.root.glob("labs/*/*." + kind):
                shutil.copy(picture, folder / "labs")
        api.write(self.tree, folder)
        return missing

    def table_of_contents(self):
        out = []
        for heading, paths in markdown.contents(self):
            names = [self.documents[path] for path in paths if path in self.documents]
            if heading == markdown.REFERENCE:
                names.insert(0, "api/index")
            out += ["", "```{toctree}", ":hidden:", ":caption: " + heading, ""] + names + ["```"]
        return "\n".join(out) + "\n"


def fail(status, text):
    print("book: " + text, file=sys.stderr)
    sys.exit(status)


def make_whole(output):
    """Put into the theme's style what Debian's loads from the root of its web server."""
    sheet, folder = output / "_static/styles/furo.css", Path("/usr/share")
    text = sheet.read_text(encoding="utf-8")
    sheet.write_text(re.sub(r"@import url\((/javascript/[^)]*)\);",
                            lambda found: (folder / found[1][1:]).read_text(encoding="utf-8"), text),
                     encoding="utf-8")


def run_sphinx(source, output, jobs):
    try:
        import furo  # noqa: F401
        import myst_parser  # noqa: F401
        from sphinx.cmd.build import build_main
    except ImportError as error:
        fail(3, "%s; ./quire setup book installs what is missing" % error)
    return build_main([
        "-q", "-W", "--keep-going", "-j", jobs, "-b", "html", "-c", str(HERE),
        "-d", str(source.parent / "doctrees"),
        str(source), str(output)])


def main():
    parser = argparse.ArgumentParser(prog="./quire book", description="Build the book.")
    parser.add_argument("-o", dest="output", default=str(ROOT / "build/book/html"),
                        help="the folder for the site (default: build/book/html)")
    parser.add_argument("-j", dest="jobs", default="auto", help="processes at once")
    parser.add_argument("--demos", nargs="*", metavar="NAME",
                        help="with the pages of these demos, or of all: a minute")
    options = parser.parse_args()
    output = Path(options.output).resolve()
    if output.exists() and any(output.iterdir()) and not (output / ".buildinfo").exists():
        fail(2, "%s is not empty and holds no book; name another folder" % options.output)
    work = Path(os.environ.get("QUIRE_BOOK_WORK", ROOT / "build/book"))
    source = work / "source"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    missing = Book(ROOT, options.demos is not None).write(source)
    for line in missing:
        print(line, file=sys.stderr)
    if missing or run_sphinx(source, output, options.jobs):
        fail(1, "what is named above is missing or wrong")
    make_whole(output)
    if options.demos is not None:
        demos = subprocess.run([ROOT / "quire", "demo", "--pages", output / "demos", *options.demos])
        if demos.returncode:
            fail(demos.returncode, "the demos' pages were not made; the rest of the book is whole")
    print("the book: %s/index.html" % output)


main()
