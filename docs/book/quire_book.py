"""The parts of the book that Sphinx alone does not make.

 - A name with empty parentheses, `fault_own()`, is a link: to what the header promises where a
   header does, else to the code; `src/vm/cow.c: fault_own()` leads to the code; so does a path.
   The same in drawings.
 - Every source file has a page, with a name for each definition in it.
"""

import re
from pathlib import Path

from docutils import nodes
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import relative_uri

import tree as quire_tree

NAME = re.compile(
    r"(?P<path>(?:src|user|tools|tests|iso|toolchain|labs)/[\w./-]+\.\w+|quire(?=: ))"
    r"(?:(?P<gap>: *)(?P<inside>[a-z_]\w*)\(\))?"
    r"|(?P<name>\b[a-z_]\w*)\(\)"
)


def source_page(path):
    return "source/" + path


class Links(SphinxPostTransform):
    """Turn names of code, and quire: links, into links to the page that has them."""

    default_priority = 400
    formats = ("html",)

    def run(self, **_):
        self.tree = self.app.quire_tree
        self.objects = self.env.get_domain("c").data["root_symbol"]
        for literal in list(self.document.findall(nodes.literal)):
            if not isinstance(literal.parent, (nodes.reference, nodes.title)):
                self.replace_names(literal)
        for block in list(self.document.findall(nodes.literal_block)):
            if block.get("language") in ("none", "text", "default", None):
                self.replace_names(block)
        for reference in list(self.document.findall(nodes.reference)):
            uri = reference.get("refuri", "")
            if uri.startswith("quire:"):
                reference["refuri"] = self.uri(*(uri[6:].split("#") + [""])[:2])

    def uri(self, path, name=""):
        here = self.app.builder.get_target_uri(self.env.docname)
        there = self.app.builder.get_target_uri(source_page(path))
        return relative_uri(here, there) + ("#" + name if name else "")

    def contract(self, name):
        """The place in the reference where a function's contract is, if it has one."""
        docname = self.app.quire_contracts.get(name)
        if not docname or docname == self.env.docname:
            return None
        return self.app.builder.get_relative_uri(self.env.docname, docname) + "#c." + name

    def target(self, found):
        path, inside, name = found.group("path"), found.group("inside"), found.group("name")
        if path and inside:
            return self.uri(path, inside) if (path, inside) in self.tree.pieces else self.uri(path)
        if path:
            return self.uri(path) if path in self.app.quire_shown else None
        piece = self.tree.find(name)
        if piece and piece.path not in self.app.quire_shown:
            piece = None
        return self.contract(name) or (self.uri(piece.path, piece.name) if piece else None)

    def replace_names(self, node):
        text, parts, at = node.astext(), [], 0
        for found in NAME.finditer(text):
            target = self.target(found)
            if target:
                parts.append(nodes.Text(text[at : found.start()]))
                parts.append(nodes.reference("", found.group(0), refuri=target, internal=True))
                at = found.end()
        if at:
            node.children = []
            node.rawsource = ""  # not to be highlighted
            node.extend(parts + [nodes.Text(text[at:])])


def find_contracts(app, env):
    """Name -> page for each function in the reference."""
    app.quire_contracts = {
        name: docname
        for name, _, type_, docname, _, _ in env.get_domain("c").get_objects()
        if type_ in ("function", "macro")
    }


def render_source(path, text, pieces):
    formatter = HtmlFormatter(linenos="inline", lineanchors="L", anchorlinenos=True)
    html = highlight(text, get_lexer_by_name(quire_tree.language(path), stripnl=False), formatter)
    for piece in pieces:
        mark = 'id="L-%d"' % piece.line
        html = html.replace(mark, 'id="%s"></a><a %s' % (piece.name, mark), 1)
    return html


SOURCE_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{path}</title>
<link rel="stylesheet" href="{up}_static/pygments.css">
<link rel="stylesheet" href="{up}_static/book.css">
</head><body class="quire-source">
<script>document.body.dataset.theme = localStorage.getItem("theme") || "auto"</script>
<p><a href="{up}index.html">Quire</a> / <code>{path}</code></p>
{code}</body></html>
"""


def write_sources(app, exception):
    """A page for each source, without the book's sidebar: small, and quickly made."""
    if exception or app.builder.format != "html":
        return
    tree = app.quire_tree
    pieces = {}
    for piece in tree.pieces.values():
        pieces.setdefault(piece.path, []).append(piece)
    for path in sorted(app.quire_shown):
        page = Path(app.outdir) / (source_page(path) + ".html")
        page.parent.mkdir(parents=True, exist_ok=True)
        code = render_source(path, tree.texts[path], pieces.get(path, []))
        up = "../" * source_page(path).count("/")
        page.write_text(SOURCE_PAGE.format(path=path, up=up, code=code), encoding="utf-8")


def mend_theme(app, exception):
    """Debian 12's furo was packed without two steps of its build: the script still imports a
    module, which no browser loads from disk, and nothing follows the system's dark mode."""
    static = Path(app.outdir) / "_static"
    script, sheet = static / "scripts/furo.js", static / "styles/furo.css"
    if exception or not script.exists() or not sheet.exists():
        return
    text = script.read_text(encoding="utf-8")
    if text.startswith("import Gumshoe"):
        gumshoe = (static / "scripts/gumshoe-patched.js").read_text(encoding="utf-8")
        script.write_text(gumshoe + text[text.index("\n") :], encoding="utf-8")
    css = sheet.read_text(encoding="utf-8")
    dark = re.search(r'body\[data-theme="dark"\] \{([^{}]*)\}', css)
    if dark and "prefers-color-scheme" not in css:
        css += '@media (prefers-color-scheme: dark) { body:not([data-theme="light"]) {%s} }\n' % dark[1]
        sheet.write_text(css, encoding="utf-8")


def find_shown(app):
    """The files that have a page: the kernel's, and those that a document names."""
    tree = app.quire_tree
    shown = {path for path in tree.texts if path.startswith("src/")}
    for document in Path(app.srcdir).rglob("*.md"):
        text = document.read_text(encoding="utf-8")
        shown.update(re.findall(r"\(quire:([^)#]+)", text))
        for found in NAME.finditer(text):
            path, name = found.group("path"), found.group("name")
            piece = tree.find(name) if name else None
            shown.add(piece.path if piece else path)
    app.quire_shown = shown & tree.texts.keys()


def setup(app):
    app.quire_tree = quire_tree.Tree(Path(app.confdir).parent.parent)
    app.quire_contracts, app.quire_shown = {}, set()
    app.add_post_transform(Links)
    app.connect("env-updated", find_contracts)
    app.connect("builder-inited", find_shown)
    app.connect("build-finished", write_sources)
    app.connect("build-finished", mend_theme)
    app.add_css_file("book.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
