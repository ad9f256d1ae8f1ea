#!/usr/bin/python3
"""Draw the book's pictures from what make.sh has recorded: draw.py WORK OUTPUT

Each picture is a function that reads `trace show` or `trace walk` output and returns SVG. Colours
are variables, so that a page can set them, and differ in brightness too; whatever a colour says,
a word or a shape says as well.
"""

import re
import sys
from pathlib import Path
from xml.sax.saxutils import escape

STYLE = """svg.quire { --ink: #1f2328; --dim: #59636e; --paper: #ffffff; --line: #d1d9e0;
  --one: #0072b2; --two: #c04f00; --three: #007a58; --soft: #eef1f4;
  font: 13px ui-sans-serif, system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { svg.quire { --ink: #e6edf3; --dim: #9198a1; --paper: #151b23;
  --line: #3d444d; --one: #56b4e9; --two: #f0a35e; --three: #3fc79a; --soft: #212830; } }
svg.quire .mono { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 12px; }
svg.quire .b { font-weight: 600; } svg.quire text { fill: var(--ink); }
svg.quire .dim { fill: var(--dim); } svg.quire .one { fill: var(--one); }
svg.quire .two { fill: var(--two); } svg.quire .three { fill: var(--three); }"""


class Picture:
    def __init__(self, width, height, title):
        self.width, self.height, self.title = width, height, title
        self.out = []

    def add(self, text):
        self.out.append(text)

    def text(self, x, y, words, kind="", anchor=""):
        extra = ' text-anchor="%s"' % anchor if anchor else ""
        self.add('<text x="%g" y="%g" class="%s"%s>%s</text>' % (x, y, kind, extra, escape(words)))

    def box(self, x, y, width, height, fill="var(--soft)", stroke="var(--line)", title="", dash=""):
        inner = "<title>%s</title>" % escape(title) if title else ""
        dashes = ' stroke-dasharray="%s"' % dash if dash else ""
        self.add('<rect x="%g" y="%g" width="%g" height="%g" rx="3" fill="%s" stroke="%s"%s>%s</rect>'
                 % (x, y, max(width, 0.5), height, fill, stroke, dashes, inner))

    def line(self, x1, y1, x2, y2, stroke="var(--line)", width=1.0, dash=""):
        dashes = ' stroke-dasharray="%s"' % dash if dash else ""
        self.add('<line x1="%g" y1="%g" x2="%g" y2="%g" stroke="%s" stroke-width="%g"%s/>'
                 % (x1, y1, x2, y2, stroke, width, dashes))

    def dot(self, x, y, fill, title=""):
        self.add('<circle cx="%g" cy="%g" r="4.5" fill="%s"><title>%s</title></circle>'
                 % (x, y, fill, escape(title)))

    def svg(self):
        head = ('<svg xmlns="http://www.w3.org/2000/svg" class="quire" viewBox="0 0 %d %d" width="%d" '
                'height="%d" role="img">' % (self.width, self.height, self.width, self.height))
        paper = '<rect x="0.5" y="0.5" width="%d" height="%d" rx="8" fill="var(--paper)" stroke="var(--line)"/>' % (
            self.width - 1, self.height - 1)
        return "\n".join([head, "<title>%s</title>" % escape(self.title), "<style>%s</style>" % STYLE, paper]
                         + self.out + ["</svg>"]) + "\n"


def events(path):
    """(tick, ring, space, text) for each line of trace show."""
    out = []
    for line in Path(path).read_text(encoding="utf-8").split("\n")[1:]:
        found = re.match(r" *(\d+) +(\d+) +(.{9}) (.*)", line)
        if found:
            out.append((int(found[1]), int(found[2]), found[3].strip(), found[4]))
    return out


def thousands(number):
    return "{:,}".format(number).replace(",", "\u202f")


# ---- steps: one event a row, with its tick and what it changes --------------

def steps(title, rows, modes):
    """rows: (tick, what, where, mode); modes: name -> colour of the band at the left."""
    height = 58 + 30 * len(rows)
    picture = Picture(860, height, title)
    picture.text(96, 30, "tick", "dim", "end")
    picture.text(300, 30, "what the CPU did", "dim")
    start = 0
    for at, (tick, what, where, mode) in enumerate(rows):
        y = 42 + 30 * at
        picture.text(96, y + 19, thousands(tick), "mono", "end")
        picture.text(300, y + 19, what)
        picture.text(844, y + 19, where, "mono dim", "end")
        picture.line(112, y, 844, y)
        if at + 1 == len(rows) or rows[at + 1][3] != mode:
            top = 42 + 30 * start
            picture.box(112, top + 2, 174, y + 28 - top, title=mode)
            picture.box(112, top + 2, 5, y + 28 - top, fill=modes[mode], stroke="none")
            name, _, rest = mode.partition("; ")
            alone = start == at
            picture.text(126, top + 19, name, "b")
            picture.text(276 if alone else 126, top + (19 if alone else 36), rest, "dim", "end" if alone else "")
            start = at + 1
    return picture


def first(all_events, pattern, after=-1):
    for tick, _, _, text in all_events:
        if tick > after and re.search(pattern, text):
            return tick, text
    raise SystemExit("draw: nothing in the trace is like %s" % pattern)


def place(text):
    """The function, from what follows the last semicolon."""
    return re.sub(r" .*|\+0x.*", "", text.rsplit("; ", 1)[-1]) + "()"


def draw_boot(work):
    trace = events(work / "fork.events")
    rows, at = [], -1

    def step(pattern, words, mode, where=None):
        nonlocal at
        at, text = first(trace, pattern, at)
        rows.append((at, words, where or place(text), mode))

    real = "32-bit; no paging"
    compat = "long mode; 32-bit"
    low = "64-bit; boot tables"
    final = "64-bit; final tables"
    ring3 = "ring 3; the program"
    step(r"^start:", "the loader jumps to the kernel's entry", real, "boot_multiboot2")
    step(r"^CR4 = .*PAE", "CR4.PAE: entries of 64 bits", real, "enter_long_mode")
    step(r"^CR3 =", "CR3: the first tables, 2 MiB pages", real, "enter_long_mode")
    step(r"WRMSR EFER", "EFER.LME and NXE: long mode, once paging is on", real, "enter_long_mode")
    step(r"^CR0 = .*PG", "CR0.PG and WP: paging; the next fetch is translated", compat, "enter_long_mode")
    step(r"^far transfer", "far jump: a 64-bit code segment", low, "enter_long_mode")
    step(r"WRMSR GS_BASE", "in kmain(), at the high addresses: per-CPU data", low)
    step(r"^CR4 = .*SMEP", "SMEP, SMAP, UMIP: ring 0 keeps out of user pages", low)
    step(r"WRMSR LSTAR", "LSTAR: where SYSCALL goes", low)
    step(r"^CR3 =", "CR3: the kernel's own tables; address 0 is gone", final)
    step(r"^CR3 =", "CR3: an address space in which exec builds the program", final)
    step(r"^IRETQ .*ring 0 to ring 3", "IRETQ: the first instruction of the program", ring3)
    colours = {real: "var(--dim)", compat: "var(--two)", low: "var(--one)", final: "var(--one)",
               ring3: "var(--three)"}
    return steps("From the kernel's entry to the first instruction of a program", rows, colours)


def draw_flush(work):
    trace = events(work / "demand.events")
    begin, _ = first(trace, r"PTE for 0x10000000 .*-> empty")
    flushed, _ = first(trace, r"^INVLPG", begin)
    rows = []
    clear = "entries cleared; frames kept"
    flush = "flush"
    free = "freed; they may be reused"
    cleared = set()
    for tick, _, _, text in trace:
        entry = re.match(r"PTE for (0x100\w+) .*= frame (0x\w+),.*-> empty", text)
        table = re.match(r"PDE for 0x10000000 .*= PT (0x\w+),.*-> empty", text)
        if tick >= begin and (entry or table):
            cleared.add(entry[2] if entry else table[1])
        if entry and tick >= begin:
            rows.append((tick, "the entry of %s is cleared: frame %s" % entry.groups(), "drop_leaf()", clear))
        if table and tick > begin:
            rows.append((tick, "the table is empty: its entry is cleared, too", "visit_table()", clear))
        page = re.match(r"INVLPG (0x100\w+)", text)
        if page and tick > begin:
            rows.append((tick, "INVLPG %s" % page[1], "tlb_gather_finish()", flush))
        gone = re.match(r"call (frame_put|pmm_free) rdi=(0x\w+)", text)
        if gone and tick > flushed and gone[2] in cleared:
            cleared.remove(gone[2])
            rows.append((tick, "frame %s is free" % gone[2], gone[1] + "()", free))
    colours = {clear: "var(--two)", flush: "var(--one)", free: "var(--three)"}
    return steps("munmap of five resident pages: gather, flush, free", rows, colours)


# ---- demand paging ----------------------------------------------------------

def draw_demand(work):
    trace = [e for e in events(work / "demand.events") if "0x1000" in e[3]]
    faults = [(t, int(m[1], 16)) for t, _, _, x in trace
              for m in [re.match(r"exception #PF page fault at (0x1000[0-7]000)", x)] if m]
    made = {int(m[1], 16): (t, m[2]) for t, _, _, x in trace
            for m in [re.match(r"PTE for (0x1000[0-7]000) .*written: empty -> .* = frame (0x\w+)", x)] if m}
    gone = {int(m[1], 16): t for t, _, _, x in trace
            for m in [re.match(r"PTE for (0x1000[0-7]000) .*-> empty", x)] if m}
    begin, end = faults[0][0] - 1500, max(gone.values()) + 1200
    picture = Picture(860, 356, "Demand paging: a page gets its frame when it is first touched")

    def x(tick):
        return 130 + (tick - begin) * 700 / (end - begin)

    picture.text(16, 30, "page", "dim")
    picture.text(130, 30, "time, in instructions: the whole picture is %s" % thousands(end - begin), "dim")
    for number in range(8):
        page, y = 0x10000000 + number * 4096, 44 + number * 34
        picture.text(16, y + 18, "%#x" % page, "mono")
        picture.line(130, y + 26, 830, y + 26)
        if page in made:
            tick, frame = made[page]
            picture.box(x(tick), y + 3, x(gone[page]) - x(tick), 20, title="resident, frame %s" % frame)
            narrow = x(gone[page]) - x(tick) < 110
            picture.text(x(faults[-1][0]) - 10 if narrow else x(tick) + 8, y + 18, "frame %s" % frame,
                         "mono", "end" if narrow else "")
        else:
            picture.text(138, y + 18, "never touched: no frame, no entry", "dim")
    for tick, address in faults:
        y = 44 + (address - 0x10000000) // 4096 * 34
        picture.line(x(tick), y + 13, x(made[address][0]), y + 13, "var(--two)", 3)
        picture.dot(x(tick), y + 13, "var(--two)", "page fault at tick %d" % tick)
    munmap = min(gone.values())
    picture.line(x(munmap), 40, x(munmap), 316, "var(--ink)", 1, "4 3")
    picture.text(x(munmap) - 6, 338, "munmap", "b", "end")
    picture.dot(140, 334, "var(--two)")
    picture.text(152, 338, "page fault, and the kernel's work until the entry is there", "dim")
    return picture


# ---- turns ------------------------------------------------------------------

def draw_turns(work):
    trace = events(work / "turns.events")
    spans, lanes = [], []
    last, since = None, 0
    for tick, _, space, text in trace:
        if not text.startswith(("CR3 =", "end")):
            continue
        if last and last.startswith(("pid", "kernel")):
            spans.append((last, since, tick))
            if last not in lanes:
                lanes.append(last)
        last, since = space, tick
    lanes = sorted((l for l in lanes if l.startswith("pid")), key=lambda l: int(l.split()[1])) + ["kernel"]
    start = min(s for lane, s, _ in spans if lane != "kernel")
    end = max(e for _, _, e in spans)
    ticks = [t for t, _, _, x in trace if x.startswith("interrupt 0x20") and t > start]
    naps = [(t, s) for t, _, s, x in trace if x.startswith("call sys_nanosleep")]
    exits = [(t, s) for t, _, s, x in trace if x.startswith("call sys_exit")]
    picture = Picture(860, 78 + 36 * len(lanes), "Round robin: three processes that compute")

    def x(tick):
        return 96 + (tick - start) * 744 / (end - start)

    def row(lane):
        return 44 + 36 * lanes.index(lane)

    picture.text(96, 28, "time; each thin line is an interrupt of the timer, %s instructions apart" % thousands(
        round((ticks[-1] - ticks[0]) / (len(ticks) - 1) / 1000) * 1000), "dim")
    for tick in ticks:
        picture.line(x(tick), 38, x(tick), 44 + 36 * len(lanes), "var(--line)")
    words = {"pid 2": "the parent", "kernel": "kernel, idle"}
    for lane in lanes:
        picture.text(16, row(lane) + 14, lane if lane != "kernel" else "kernel", "b")
        picture.text(16, row(lane) + 28, {"pid 2": "waits", "kernel": "and idle"}.get(lane, "computes"), "dim")
    colours = ["var(--dim)", "var(--one)", "var(--two)", "var(--three)"]
    for lane, begin, until in spans:
        if lane in lanes and until > start:
            colour = "var(--dim)" if lane in ("kernel", "pid 2") else colours[lanes.index(lane) % 4]
            begin = max(begin, start)
            picture.box(x(begin), row(lane) + 4, x(until) - x(begin), 24, colour, "none",
                        "%s, ticks %d to %d" % (words.get(lane, lane), begin, until))
    for marks, word in ((naps, "sleeps"), (exits, "ends")):
        for tick, lane in marks:
            if lane in lanes and lane != "pid 2":
                picture.line(x(tick), row(lane), x(tick), row(lane) + 32, "var(--ink)", 2)
                picture.text(x(tick) + 4, row(lane) + 20, word, "b")
    y = 62 + 36 * len(lanes)
    picture.text(96, y, "A bar: CR3 holds this process's tables. Who becomes ready goes to the end of the queue.", "dim")
    return picture


# ---- page tables and fork ---------------------------------------------------

def read_walks(path):
    """For each address of a walk: [(level, index, frame of the table, entry's frame, flags)]."""
    out = []
    for line in Path(path).read_text(encoding="utf-8").split("\n"):
        if re.match(r"0x\w+ from CR3", line):
            out.append([])
        found = re.match(r" +(PML4|PDPT|PD|PT)E +(\d+) +at (0x\w+): 0x\w+ = (?:\w+|frame) (0x\w+), (.*)", line)
        if found:
            table = int(found[3], 16) >> 12
            out[-1].append((found[1], int(found[2]), table, int(found[4], 16) >> 12, found[5].split()))
    return out


def rights(flags, raw_cow):
    if "W" in flags:
        return "W"
    return "COW" if raw_cow else "R"


FORK_WIDTH = 960
PAGES = (("code", False), ("variable", True), ("stack", True))


def draw_process(picture, y, walks, frames, mirrored, name):
    """Tables of one process, from the outside to the frames in the middle."""
    columns = {"PML4": 16, "PDPT": 104, "PD": 192, "PT": 280}

    def left(level):
        return FORK_WIDTH - columns[level] - 70 if mirrored else columns[level]

    def edge(level, outer):
        return left(level) + (70 if outer == mirrored else 0)

    picture.text(edge("PML4", True), y - 8, name, "b", "end" if mirrored else "")
    rows = {0: y, 1: y, 2: y + 62}  # the program's tables, the stack's
    drawn = set()
    for number, walk in enumerate(walks):
        for at, (level, index, table, _, _) in enumerate(walk):
            top = y + 31 if level == "PML4" else rows[number]
            if (level, table) not in drawn:
                drawn.add((level, table))
                picture.box(left(level), top, 70, 36, title="%s in frame %#x, entry %d" % (level, table, index))
                picture.text(left(level) + 8, top + 15, level, "b")
                picture.text(left(level) + 8, top + 30, "%#x" % table, "mono dim")
            if at and level != "PT" or at == 3:
                before = walk[at - 1][0]
                outer_top = y + 31 if before == "PML4" else rows[number]
                picture.line(edge(before, False), outer_top + 18, edge(level, True), top + 18, "var(--dim)")
        _, _, _, frame, flags = walk[-1]
        kind = rights(flags, PAGES[number][1])
        colour = {"W": "var(--three)", "COW": "var(--two)", "R": "var(--dim)"}[kind]
        target = frames[frame]
        x1, x2 = edge("PT", False), FORK_WIDTH / 2 + (44 if mirrored else -44)
        y1 = rows[number] + (10 if number == 0 else 26 if number == 1 else 18)
        picture.line(x1, y1, x2, target + 13, colour, 2, "5 3" if kind == "COW" else "")
        picture.text(x1 + (-6 if mirrored else 6), y1 - 4, kind,
                     {"W": "three b", "COW": "two b", "R": "dim b"}[kind], "end" if mirrored else "")


def draw_panel(picture, y, title, parent, child):
    picture.text(16, y + 18, title, "b")
    owners = {}
    for who, walks in (("parent", parent), ("child", child)):
        for number, walk in enumerate(walks or []):
            owners.setdefault(walk[-1][3], []).append((number, who))
    order = sorted(owners, key=lambda frame: (owners[frame][0][0], owners[frame][0][1] != "parent"))
    step = 33 if len(order) > 3 else 50
    frames = {frame: y + 32 + step * at for at, frame in enumerate(order)}
    draw_process(picture, y + 48, parent, frames, False, "parent")
    if child:
        draw_process(picture, y + 48, child, frames, True, "child")
    for frame, top in frames.items():
        picture.box(FORK_WIDTH / 2 - 44, top, 88, 29, title="frame %#x" % frame)
        picture.text(FORK_WIDTH / 2, top + 13, "%s (%d)" % (PAGES[owners[frame][0][0]][0], len(owners[frame])), "", "middle")
        picture.text(FORK_WIDTH / 2, top + 25, "%#x" % frame, "mono dim", "middle")


def draw_fork(work):
    panels = (("Before fork", "before", None), ("After fork, before anybody writes", "parent", "child"),
              ("After the parent wrote to its stack, and the child to the variable", "parent2", "child2"))
    picture = Picture(FORK_WIDTH, 24 + 208 * len(panels) + 20, "Page tables before fork, after it, and after two writes")
    for at, (title, parent, child) in enumerate(panels):
        y = 14 + 208 * at
        if at:
            picture.line(16, y - 6, FORK_WIDTH - 16, y - 6)
        draw_panel(picture, y, title, read_walks(work / (parent + ".walk")),
                   child and read_walks(work / (child + ".walk")))
    picture.text(16, 24 + 208 * len(panels), "W: writable. R: read-only. COW: read-only until the first write "
                 "copies the frame. In parentheses: entries that lead to the frame.", "dim")
    return picture


def main():
    work, output = Path(sys.argv[1]), Path(sys.argv[2])
    for name, draw in (("boot", draw_boot), ("fork", draw_fork), ("demand", draw_demand),
                       ("flush", draw_flush), ("turns", draw_turns)):
        (output / (name + ".svg")).write_text(draw(work).svg(), encoding="utf-8")


main()
