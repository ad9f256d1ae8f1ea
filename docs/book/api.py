"""The reference of the kernel's interfaces, from its headers.

A header's comments are the contract (see docs/README.md): one at its head, one above each
declaration or group of declarations that touch. Each becomes a page in reStructuredText, in
Sphinx's C domain, so that every name can be found and linked.
"""

import re
from pathlib import Path

LAYERS = ("lib", "arch", "boot", "pmm", "vm", "sched", "kern")


def escape(text):
    """Plain words for reStructuredText; names of functions become code."""
    text = re.sub(r"([\\*|])", r"\\\1", text)
    text = text.replace("`", "``")
    text = re.sub(r"(\w)_(?=\W|$)", r"\1\\_", text)
    return re.sub(r"(?<![\w`])([a-z_]\w*\(\))", r"``\1``", text)


def comment_text(comment):
    """The words of a /* comment */, without its frame."""
    lines = comment.strip().split("\n")
    if len(lines) == 1:
        return [lines[0][2:-2].strip()]
    lines[0] = lines[0][2:].strip()
    lines[-1] = re.sub(r"\*/$", "", lines[-1])
    return [re.sub(r"^ ?\* ?", "", line).rstrip() for line in lines]


def blocks(lines):
    """Runs of lines without a blank one; a drawing may hold blank ones."""
    block = []
    for line in lines + [""]:
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []


def is_item(line):
    return bool(re.match(r" *- ", line))


def render_block(block):
    first = block[0]
    if first.startswith("  ") and not is_item(first):  # drawn or set out by hand
        return ["::", ""] + ["    " + line for line in block]
    if is_item(first):
        indent = len(first) - len(first.lstrip())
        return [escape(line[indent:]) for line in block]
    out = []
    for number, line in enumerate(block):
        if line.startswith("  ") and not is_item(block[0]):  # what follows is set out
            return [escape(text) for text in out] + [""] + render_block(block[number:])
        if is_item(line):
            return [escape(text) for text in out] + [""] + render_block(block[number:])
        out.append(line)
    return [escape(text) for text in out]


def render(comment):
    """A comment as reStructuredText, drawings that touch as one."""
    out = []
    for block in blocks(comment_text(comment)):
        lines = render_block(block)
        if lines[0] == "::" and "::" in out and out[-2:] and out[-2].startswith("    "):
            out += lines[2:] + [""]
        else:
            out += lines + [""]
    return out


def declarations(text):
    """(comment or None, lines of code) for each group of declarations that touch."""
    text = re.sub(r"\A\s*/\*.*?\*/\s*", "", text, flags=re.S)
    text = re.sub(r"^#(pragma|include).*\n", "", text, flags=re.M)
    comment, code = None, []
    inside = False
    for line in text.split("\n") + [""]:
        starts = line.startswith("/*") and not code and not inside
        if inside or starts:
            comment = (comment + "\n" if inside else "") + line
            inside = "*/" not in line
        elif line.strip() or is_open(code):
            code.append(line)
        else:
            if code:
                yield comment, code
            comment, code = None, []


def is_open(code):
    """Has a group that began with these lines not ended yet?"""
    text = "\n".join(code)
    return text.count("{") > text.count("}") or text.count("(") > text.count(")")


FUNCTION = re.compile(r"^(?!typedef|#|_Static_assert|enum \{)[A-Za-z_][^;={]*?\b([a-z_]\w*)\([^;{]*\)", re.S)
SKIP = re.compile(r"^(#if|#else|#endif|_Static_assert|/\*|(struct|enum) \w+;)")


def statements(code):
    """The declarations of a group, one string each."""
    statement = []
    for line in code:
        statement.append(line)
        text = "\n".join(statement)
        if text.startswith("#"):
            done = not line.rstrip().endswith("\\")
        elif text.count("{") > text.count("}"):
            done = False
        else:
            plain = re.sub(r"/\*.*?\*/", "", text, flags=re.S).rstrip()
            done = plain.endswith((";", "}")) or (not plain and "*/" in text)
        if done:
            yield text
            statement = []


def signature(statement):
    """What Sphinx calls a statement: (directive, signature), or None for a plain listing."""
    function = FUNCTION.match(statement)
    if function:
        text = re.sub(r"\b(static|inline|extern|_Noreturn)\s+", "", function.group(0))
        return "c:function", re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", text, flags=re.S))
    found = re.match(r"^(struct|enum|union) (\w+) \{", statement)
    if found:
        return "c:" + found.group(1), found.group(2)
    found = re.match(r"^#define (\w+)(\([^)]*\))?", statement)
    if found:
        return "c:macro", found.group(1) + (found.group(2) or "")
    found = re.match(r"^typedef .*?(\w+);\s*$", statement, re.S) or re.match(
        r"^typedef .*\} (\w+);", statement, re.S)
    if found:
        return "c:type", found.group(1)
    return None


def indent(lines, by="   "):
    return [by + line if line else line for line in lines]


def definitions(tree, functions):
    """Where the code of these functions is."""
    found = []
    for function in functions:
        piece = tree.find(re.search(r"([a-z_]\w*)\(", function).group(1))
        if piece and piece.path.startswith("src/"):
            found.append("`%s <quire:%s#%s>`__" % (piece.name, piece.path, piece.name))
    return [".. container:: quire-code", "", "   Code: " + ", ".join(found), ""] if found else []


def render_group(tree, comment, code, seen):
    """One group: functions as signatures, types and macros with their whole text."""
    functions, rest, names = [], [], []
    for statement in statements(code):
        found = signature(statement)
        if found and found[0] == "c:function":
            functions.append(found[1])
        elif found or not SKIP.match(statement):
            rest.append(statement)
            if found and found not in seen:
                names.append(found)
                seen.add(found)
    text = render(comment) if comment else []
    out = []
    if rest:
        for directive, name in names:
            out += [".. %s:: %s" % (directive, name), ""]
        body = text + ([".. code-block:: c", ""] + indent("\n".join(rest).split("\n")) + [""])
        out += indent(body) if names else body
        text = [] if functions else text
    if functions:
        out += [".. c:function:: " + functions[0]]
        out += ["                 " + other for other in functions[1:]]
        out += [""] + indent(text)
        out += indent(definitions(tree, functions))
    return out + [""]


def heading(text, mark):
    return [text, mark * len(text), ""]


def header_section(tree, path, seen):
    text = tree.texts[path]
    head = re.match(r"\A\s*(/\*.*?\*/)", text, re.S)
    out = heading("``%s``" % path, "-")
    if head:
        out += render(head.group(1))
    out += [".. container:: quire-code", "", "   `The file itself <quire:%s>`__" % path, ""]
    for comment, code in declarations(text):
        out += render_group(tree, comment, code, seen)
    return out


def headers(tree, layer):
    return [path for path in tree.texts
            if re.match(r"src/%s/[\w/]*\.h$" % layer, path)]


def function_names(tree):
    """Names that functions have: a struct of the same name gets no entry of its own."""
    names = set()
    for layer in LAYERS:
        for path in headers(tree, layer):
            for _, code in declarations(tree.texts[path]):
                for found in map(signature, statements(code)):
                    if found and found[0] == "c:function":
                        names.add(re.search(r"([a-z_]\w*)\(", found[1]).group(1))
    return names


def layer_page(tree, layer, seen):
    out = heading("Headers of ``src/%s``" % layer, "=")
    for path in headers(tree, layer):
        out += header_section(tree, path, seen)
    return "\n".join(out) + "\n"


def summary(tree, path):
    """The first sentence of a header's head."""
    head = re.match(r"\A\s*(/\*.*?\*/)", tree.texts[path], re.S)
    if not head:
        return ""
    words = " ".join(next(blocks(comment_text(head.group(1))), []))
    return re.split(r"(?<=[.:;])\s", words + " ")[0].strip().rstrip(".:;")


def index_page(tree):
    out = heading("Reference of the headers", "=")
    out += ["Every header of the kernel, by layer: what each function promises, in the header's own",
            "words.", ""]
    for layer in LAYERS:
        out += heading(":doc:`src/%s </api/%s>`" % (layer, layer), "-")
        for path in headers(tree, layer):
            out += ["``%s``" % path, "   %s." % escape(summary(tree, path)), ""]
    out += [".. toctree::", "   :hidden:", ""] + ["   " + layer for layer in LAYERS]
    return "\n".join(out) + "\n"


def write(tree, folder):
    folder = Path(folder) / "api"
    folder.mkdir()
    seen = {("c:" + kind, name) for name in function_names(tree)
            for kind in ("struct", "enum", "type")}
    for layer in LAYERS:
        page = layer_page(tree, layer, seen)
        (folder / (layer + ".rst")).write_text(page, encoding="utf-8")
    (folder / "index.rst").write_text(index_page(tree), encoding="utf-8")
