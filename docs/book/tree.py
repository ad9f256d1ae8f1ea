"""What is defined where in the tree: the book shows and links code by name, never by line.

A definition begins in the first column and ends where its style says: in C at the
next } in the first column, in assembly at its .size, in Python where indentation ends.
The comment right above belongs to it.
"""

import re
from dataclasses import dataclass
from pathlib import Path

C_FUNCTION = re.compile(r"^[A-Za-z_].*?\b([a-z_]\w*)\(")
C_TYPE = re.compile(r"^((?:struct|enum|union) \w+) \{")
ASM_LABEL = re.compile(r"^([A-Za-z_]\w*):")
ASM_DIRECTIVE = re.compile(r"\s*\.(globl|type|align|balign|section|code\d\d)\b")
PYTHON = re.compile(r"^(?:def|class) (\w+)")
SHELL = re.compile(r"^([a-z_]\w*)\(\) \{")

# Folders whose files are shown in the book.
FOLDERS = ("src", "user", "tools", "tests", "iso", "toolchain", "labs", "docs")
TEXT = {
    ".c": "c", ".h": "c", ".S": "gas", ".py": "python", ".sh": "sh", ".ld": "text", ".awk": "awk",
    ".toml": "toml", ".json": "json", ".txt": "text", ".cfg": "text", ".cmake": "cmake",
    ".patch": "diff",
}


@dataclass
class Piece:
    """Lines first to last of a file, counted from 1; the comment above is part of it."""

    path: str
    name: str
    first: int
    line: int
    last: int


def language(path):
    name = Path(path).name
    if name == "CMakeLists.txt":
        return "cmake"
    return TEXT.get(Path(path).suffix, "sh" if name == "quire" else "text")


def comment_above(lines, at):
    """The first line of the comment that ends right above line `at` (from 0), or `at`."""
    if at == 0 or not lines[at - 1].rstrip().endswith("*/"):
        return at
    first = at - 1
    while first > 0 and not lines[first].lstrip().startswith("/*"):
        first -= 1
    return first if lines[first].startswith("/*") else at


def end_of_braces(lines, at):
    """The line of the } in the first column that ends what begins at `at`; None: a prototype."""
    opened = False
    for number in range(at, len(lines)):
        text = lines[number].rstrip()
        opened = opened or text.startswith("{") or text.endswith("{")
        if opened and text.startswith("}"):
            return number
        if not opened and text.endswith((";", "}")):
            return None if text.endswith(");") else number
    return None


def end_of_assembly(lines, at, name):
    """The line before .size NAME, or the last one before the next label or comment of its kind."""
    for number in range(at + 1, len(lines)):
        if re.match(r"\s*\.size %s\b" % name, lines[number]):
            return number - 1
    last = at
    for number in range(at + 1, len(lines)):
        if ASM_LABEL.match(lines[number]) or lines[number].startswith("/*"):
            break
        if lines[number].strip() and not ASM_DIRECTIVE.match(lines[number]):
            last = number
    return last


def start_of_assembly(lines, at):
    """The first of the .globl and .type lines above a label."""
    while at > 0 and ASM_DIRECTIVE.match(lines[at - 1]):
        at -= 1
    return at


def end_of_indented(lines, at):
    """The last line of what is indented below a first line in the first column."""
    last = at
    for number in range(at + 1, len(lines)):
        if lines[number].strip():
            if not lines[number][0].isspace():
                break
            last = number
    return last


def pieces_of(path, text):
    lines = text.split("\n")
    suffix = Path(path).suffix
    for at, line in enumerate(lines):
        if suffix in (".c", ".h"):
            found = C_TYPE.match(line) or C_FUNCTION.match(line)
            if not found or line.startswith(("#", "typedef", "extern")):
                continue
            last = end_of_braces(lines, at)
        elif suffix == ".S":
            found = ASM_LABEL.match(line)
            last = end_of_assembly(lines, at, found.group(1)) if found else None
        elif suffix == ".py":
            found = PYTHON.match(line)
            last = end_of_indented(lines, at) if found else None
        else:
            found = SHELL.match(line)
            last = end_of_braces(lines, at) if found else None
        if found and last is not None:
            name = found.group(1)
            first = comment_above(lines, start_of_assembly(lines, at))
            yield Piece(path, name, first + 1, at + 1, last + 1)


class Tree:
    """The tree's text files and what they define."""

    def __init__(self, root):
        self.root = Path(root)
        self.texts = {}
        self.pieces = {}  # (path, name)
        self.by_name = {}
        for path in self.shown():
            self.add(path)

    def shown(self):
        for folder in FOLDERS:
            for file in sorted((self.root / folder).rglob("*")):
                if file.is_file() and (file.suffix in TEXT or file.name == "CMakeLists.txt"):
                    yield file.relative_to(self.root).as_posix()
        yield "quire"

    def add(self, path):
        text = (self.root / path).read_text(encoding="utf-8", errors="replace")
        self.texts[path] = text
        for piece in pieces_of(path, text):
            self.pieces.setdefault((path, piece.name), piece)
            self.by_name.setdefault(piece.name, piece)

    def piece(self, path, name):
        """The definition of name in path; KeyError where there is none."""
        return self.pieces[path, name]

    def find(self, name):
        """The first definition of a function of this name, the kernel's own first; or None.

        A system call is named without its sys_."""
        return self.by_name.get(name) or self.by_name.get("sys_" + name)

    def lines(self, piece):
        return "\n".join(self.texts[piece.path].split("\n")[piece.first - 1 : piece.last])
