#!/usr/bin/python3
"""The live map on real screens, with real keys:

    QUIRE_RUN=quire-run map.py CASE SCENE [OPTION...]

SCENE is the program of user/tests/show_scene.c.
"""
import os
import pty
import re
import subprocess
import sys
import time

from machine import COW, FREE, Machine, OWNER, PAPER, RUN, SHARED, TABLE, check, dim, wait_for


def page_of(machine, name):
    found = machine.find(rf"^{name} ([0-9a-f]+) ([0-9a-f]+)$")
    return int(found[1], 16), int(found[2], 16)


def expect(machine, screen, what, frame, colour):
    is_there = machine.cell(screen, frame)
    check(is_there == colour, f"{what}, frame {frame:x}: {is_there} instead of {colour}")


def pause_when_counting(machine):
    machine.find("^count 3$")
    machine.key("p")
    time.sleep(0.5)


def case_cells(scene):
    """Frames have the colours of what they are."""
    with Machine(scene) as machine:
        pages = {name: page_of(machine, name)[1] for name in ("own", "cow", "shared")}
        time.sleep(1)  # flashes fade
        pause_when_counting(machine)
        screen = machine.screen()
        check((screen.width, screen.height) == (1024, 768), "the size of the screen")
        check(screen.pixel(2, 2) == PAPER, "the paper")
        expect(machine, screen, "a page of its own", pages["own"], OWNER[0])
        expect(machine, screen, "a copy-on-write page", pages["cow"], dim(COW, 6))
        expect(machine, screen, "a page of shared memory", pages["shared"], dim(SHARED, 6))
        root = int(re.search(r"CR3=([0-9a-f]+)", machine.ask("info registers"))[1], 16)
        expect(machine, screen, "the loaded PML4", root >> 12, dim(TABLE, 7))
        expect(machine, screen, "free memory", 0x1000, FREE)


def case_pause(scene):
    """A pause stops the program, and its clock with it."""
    with Machine(scene) as machine:
        pause_when_counting(machine)
        before = machine.output()
        time.sleep(1.5)
        check(machine.output() == before, "the program goes on while it is paused")
        machine.key("spc")
        count = int(re.findall(r"count (\d+)", before)[-1])
        machine.find(rf"^(count|gap) {count + 5}$")
        check("gap" not in machine.output(), "the program has noticed the pause")


def event_number(machine):
    """Of the newest event: the last line of the strip."""
    return int(re.match(r" *(\d+) ", machine.text_rows()[22])[1])


def case_step(scene):
    """A step is an event."""
    with Machine(scene, ["text"]) as machine:
        pause_when_counting(machine)
        check("paused" in machine.text_rows()[0], "the state")
        number = event_number(machine)
        for _ in range(5):
            machine.key("s")
            time.sleep(0.5)
            now = event_number(machine)
            check(number < now <= number + 3, f"from event {number} to {now} in one step")
            check("paused" in machine.text_rows()[0], "still paused")
            number = now


def case_walk(scene):
    """A walk shows the entries that are in memory."""
    with Machine(scene, ["text"]) as machine:
        address, frame = page_of(machine, "own")
        pause_when_counting(machine)
        machine.key("w")
        if not any("pid 2:" in row for row in machine.text_rows()):
            machine.key("tab")
        for digit in f"{address:012x}":
            machine.key(digit)
        rows = [row[47:].strip("\xdf ") for row in machine.text_rows()]
        check(any(f"walk of {address:x}" in row for row in rows), "the address:\n" + "\n".join(rows))
        cr3 = next(re.search(r"CR3 = ([0-9a-f]+)", row) for row in rows if "CR3" in row)
        table = int(cr3[1], 16)
        for name, shift in (("PML4", 39), ("PDPT", 30), ("PD", 21), ("PT", 12)):
            index = address >> shift & 511
            entry = machine.word(table + 8 * index)
            at = rows.index(f"{name}[{index}] in frame {table >> 12:x}")
            table = entry & 0xFFFFFFFFFF000
            check(rows[at + 1].split()[0] == f"{table:x}", f"{name}: {rows[at + 1]}")
            check(("W" in rows[at + 1].split()) == bool(entry & 2), f"{name}: {rows[at + 1]}")
        check(table >> 12 == frame, "the program's frame")
        check(any(row.startswith(f"frame {frame:x} + 0, 1 ref") for row in rows), "the end")


def case_crowd(scene):
    """More processes than lines: the picked one is there, and the number of the others."""
    with Machine(scene, ["text"], mem=64, arguments=["40"]) as machine:
        pause_when_counting(machine)
        head = machine.text_rows()[0].replace("\xdf", " ")
        check(re.match(r"\d+ frames, \d+ free, \d+ tables; \d+ a cell +"
                       r"paused: space go on, s step$", head), f"the head: {head}")
        for pid in range(2, 43):
            side = [row[47:].strip("\xdf ") for row in machine.text_rows()]
            check(any(row.startswith(f">{pid} ") for row in side), f"{pid} is picked: {side}")
            processes = sum(bool(re.match(r">?\d+ show", row)) for row in side)
            check(f"and {41 - processes} more" in side, f"{processes} of 41: {side}")
            machine.key("tab")
        waiting = machine.text_rows()[18][47:].replace("\xdf", " ")
        shown, more = re.match(r"wait (.*) \+(\d+) *$", waiting).groups()
        check(len(shown.split()) + int(more) in (40, 41), f"who waits: {waiting}")


def case_leave(scene):
    """n, r and q end the run, each in its way; by the keyboard and by COM1."""
    for key, signal in (("n", 10), ("r", 12), ("q", 15)):
        with Machine(scene, ["text"]) as machine:
            machine.find("^count 3$")
            if key == "r":
                machine.type(b"pr")
            else:
                machine.key(key)

            def status_comes():
                return machine.status()
            check(wait_for(status_comes) == [f"signal {signal}"], f"{key}: {machine.status()}")


def case_terminal(scene):
    """The terminal's keys reach the map without Enter, and what they do the status."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(RUN, [RUN, "--map", "--direct", "--timeout", "100", scene])
    seen = b""
    while b"count 3" not in seen:
        seen += os.read(terminal, 4096)
    os.write(terminal, b"n")
    try:
        while os.read(terminal, 4096):
            pass
    except OSError:
        pass  # the terminal's other end is closed
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    check(status == 128 + 10, f"status {status}")


def case_speed(scene):
    """So many events a second, and slower by a key."""
    with Machine(scene, ["text", "show=10"]) as machine:
        def events_come():
            return re.match(r" *\d+ ", machine.text_rows()[22])
        wait_for(events_come)
        for speed in (10, 5):
            check(f"{speed} events/s" in machine.text_rows()[0], machine.text_rows()[0])
            number, start = event_number(machine), time.monotonic()
            time.sleep(3)
            rate = (event_number(machine) - number) / (time.monotonic() - start)
            # A busy host makes ticks late; events that come together are shown together.
            check(speed / 5 < rate < speed * 3, f"{rate} events a second instead of {speed}")
            machine.key("minus")


def case_close(scene):
    """The close view has large cells, and leaves out what never changes."""
    with Machine(scene) as machine:
        time.sleep(1)
        pause_when_counting(machine)
        machine.key("z")
        screen = machine.screen()
        x, y = machine.grid()[:2]
        colours = {screen.pixel(x + 32 * column + 3, y + 32 * row + 3)
                   for row in range(12) for column in range(16)}
        check(OWNER[0] in colours and dim(COW, 6) in colours, f"large cells: {colours}")
        check(PAPER in colours, "and nothing below them")


def case_many(scene):
    """64 GiB: a cell is many frames."""
    with Machine(scene, mem=65536) as machine:
        _, _, cells, dots, columns, each = machine.grid()
        check(each > 100 and cells * each * 4096 >= 64 << 30 and dots >= 4, "the grid")
        own = page_of(machine, "own")[1]
        time.sleep(1)
        pause_when_counting(machine)
        colour = machine.cell(machine.screen(), own)
        check(colour not in (FREE, PAPER), f"a cell with frames in use: {colour}")


def case_uefi(scene):
    """The same on the framebuffer of UEFI's firmware."""
    with Machine(scene, mem=256, uefi=True) as machine:
        own = page_of(machine, "own")[1]
        time.sleep(1)
        pause_when_counting(machine)
        screen = machine.screen()
        colour = machine.cell(screen, own)
        check(screen.pixel(2, 2) == PAPER, "the paper")
        check(colour not in (FREE, PAPER), f"the cell of a page: {colour}")


def case_same(scene, *options):
    """What a program says, and how it ends, is the same with the map on."""
    programs = os.path.dirname(scene)
    for program in ("hello", "fork_tree", "cow_isolation", "die_by"):
        ends = [subprocess.run([RUN, *options, *with_map, "--mem", "32", "--timeout", "200",
                                f"{programs}/{program}"], input=b"", capture_output=True)
                for with_map in ((), ("--map",))]
        check(ends[0].stdout == ends[1].stdout, f"{program}: {ends[1].stdout}")
        check(ends[0].stderr == ends[1].stderr, f"{program}: {ends[1].stderr}")
        check(ends[0].returncode == ends[1].returncode, f"{program}: {ends[1].returncode}")


if __name__ == "__main__":
    globals()["case_" + sys.argv[1]](*sys.argv[2:])
