"""Quire's commands for gdb; ./quire debug loads them. Elsewhere: source tools/gdb/quire.py.

They read the kernel's own structures, by its debugging information, except for
page tables: those are read from physical memory, as the CPU does, so that
q-walk tells the truth even when the kernel is wrong about it.
"""

import re
import struct

import gdb

PRESENT, WRITABLE, USER, ACCESSED, DIRTY, LARGE = 1, 2, 4, 0x20, 0x40, 0x80
NO_EXECUTE = 1 << 63
ADDRESS = 0x000FFFFFFFFFF000
# The system's own bits, src/arch/paging.h.
COW, KEPT, SHARED = 0x200, 0x400, 0x800
# Where all of RAM is mapped, src/arch/layout.h.
DIRECT_MAP = 0xFFFF800000000000


def evaluate(expression):
    return gdb.parse_and_eval(expression)


def address_of(expression):
    """What an expression says, as an address; a function is its own."""
    value = evaluate(expression)
    if value.type.code in (gdb.TYPE_CODE_FUNC, gdb.TYPE_CODE_ARRAY, gdb.TYPE_CODE_STRUCT):
        value = value.address
    return int(value) & (1 << 64) - 1


def physical_word(address):
    text = gdb.execute("monitor xp /1gx %#x" % address, to_string=True)
    found = re.search(r":\s*(0x[0-9a-fA-F]+)", text)
    if not found:
        raise gdb.GdbError("cannot read physical memory at %#x: %s" % (address, text.strip()))
    return int(found.group(1), 16)


def container_of(node, type_name, member):
    type_ = gdb.lookup_type(type_name)
    offset = next(f.bitpos // 8 for f in type_.fields() if f.name == member)
    return gdb.Value(int(node) - offset).cast(type_.pointer())


def list_items(head, type_name, member):
    """The items of a struct list_node list; head is the list's head."""
    node = head["next"]
    while int(node) not in (0, int(head.address)):
        yield container_of(node, type_name, member)
        node = node["next"]


def current_task():
    return evaluate("boot_cpu.task")


def all_tasks():
    return list_items(evaluate("task_list"), "struct task", "all_node")


def find_task(pid):
    for task in all_tasks():
        if int(task["pid"]) == pid:
            return task
    raise gdb.GdbError("there is no task %d; q-tasks lists them" % pid)


def root_of(task):
    """The physical address of a task's PML4; 0: it has none yet, or no more."""
    return int(task["as"]["pt"]["root"]["v"]) if int(task["as"]) else 0


def words(address, count):
    data = gdb.selected_inferior().read_memory(address, 8 * count)
    return struct.unpack("<%dQ" % count, data)


def symbol(address):
    """The function that holds this address, without the offset."""
    text = gdb.execute("info symbol %#x" % address, to_string=True)
    return "?" if text.startswith("No symbol") else text.split()[0]


def leaves(table, start, end, shift=39, base=0):
    """The entries in use that map a page of [start, end), with the size of each."""
    span = 1 << shift
    for index, entry in enumerate(words(DIRECT_MAP + table, 512)):
        low = base + index * span
        if low >= end or low + span <= start or not entry & (PRESENT | KEPT):
            continue
        if shift == 12 or (shift == 21 and entry & LARGE):
            yield entry, span
        else:
            yield from leaves(entry & ADDRESS, start, end, shift - 9, low)


def enum_name(value, prefix):
    return re.sub("^" + prefix, "", str(value)).lower()


class Command(gdb.Command):
    """One q- command: its documentation is the class's, its work is run()."""

    def __init__(self, name):
        super().__init__(name, gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        try:
            self.run(gdb.string_to_argv(argument))
        except gdb.MemoryError as error:
            raise gdb.GdbError("not readable now (%s); has the kernel got that far?" % error)


class Tasks(Command):
    """q-tasks: all tasks, and the calls in which those that do not run are waiting.

    The current one is marked with a star."""

    SCHEDULER = ("sched_switch_unlock", "schedule", "wait_sleep", "context_switch")

    def run(self, _):
        current = int(current_task())
        if current == 0:
            print("the scheduler has not started")
            return
        print("  PID PARENT STATE    PML4         NAME         IN")
        for task in all_tasks():
            parent = task["parent"]
            print("%s %-3d %-6s %-8s %#012x %-12s %s" % (
                "*" if int(task) == current else " ",
                int(task["pid"]),
                int(parent["pid"]) if int(parent) else "-",
                enum_name(task["state"], "TASK_"),
                root_of(task),
                task["name"].string(errors="replace"),
                "" if int(task) == current else " < ".join(self.calls(task))))

    def calls(self, task):
        """Where a task that does not run will go on: its saved frame pointers, followed."""
        if int(task["kstack"]) == 0 or int(task["rsp"]) == 0:
            return
        # context_switch has pushed six registers, rbp first: see src/arch/switch.S.
        frame, address = words(int(task["rsp"]) + 40, 2)
        shown = 0
        while shown < 3 and address:
            name = symbol(address)
            if name not in self.SCHEDULER:
                yield name
                shown += 1
            if not frame:
                return
            frame, address = words(frame, 2)


class Vmas(Command):
    """q-vmas [PID]: the VMAs of a task, the current one unless a PID is given.

    For each: its range, its rights (p: private, s: shared), what it is for, the size of its
    pages, how many of them are resident, and how many of these copy-on-write."""

    def run(self, arguments):
        task = find_task(int(arguments[0], 0)) if arguments else current_task()
        if int(task) == 0 or int(task["as"]) == 0:
            print("this task has no address space")
            return
        space = task["as"].dereference()
        print("task %d, PML4 at %#x, %d references" % (
            int(task["pid"]), root_of(task), int(space["refs"])))
        self.show(space["vmas"]["root"], root_of(task))

    def show(self, node, root):
        if int(node) == 0:
            return
        self.show(node["left"], root)
        kind, start, end = node["kind"], int(node["start"]), int(node["end"])
        flags = int(kind["flags"])
        rights = "".join(
            letter if flags & bit else "-" for letter, bit in (("r", 1), ("w", 2), ("x", 4))
        )
        pages = [entry for entry, _ in leaves(root, start, end)]
        print("%#014x..%#014x %s%s %-9s %s %5d resident, %d copy-on-write" % (
            start, end, rights, "s" if flags & 16 else "p",
            enum_name(kind["type"], "VMA_"), enum_name(kind["size"], "VMA_PAGE_"),
            len(pages), sum(1 for entry in pages if entry & COW)))
        self.show(node["right"], root)


class Walk(Command):
    """q-walk VA [PID]: the page-table entries that lead to an address, level by level.

    Reads the tables that CR3 points to, in physical memory, or those of another task. VA is
    any expression without spaces."""

    LEVELS = (("PML4", 39), ("PDPT", 30), ("PD", 21), ("PT", 12))

    def run(self, arguments):
        if not arguments:
            raise gdb.GdbError("q-walk wants an address")
        address = address_of(arguments[0])
        if address >> 47 not in (0, (1 << 17) - 1):
            print("%#x is not canonical: any access is a general protection fault" % address)
            return
        table = int(evaluate("(unsigned long)$cr3")) & ADDRESS
        if len(arguments) > 1:
            table = root_of(find_task(int(arguments[1], 0)))
        for name, shift in self.LEVELS:
            index = address >> shift & 511
            entry = physical_word(table + 8 * index)
            leaf = shift == 12 or (shift in (21, 30) and bool(entry & LARGE))
            print("%-4s[%3d] at %#012x: %#018x  %s" % (
                name, index, table + 8 * index, entry, self.describe(entry, leaf)))
            if not entry & PRESENT:
                return
            if leaf:
                mask = (1 << shift) - 1
                print("physical address: %#x" % ((entry & ADDRESS & ~mask) | (address & mask)))
                return
            table = entry & ADDRESS

    @staticmethod
    def describe(entry, leaf):
        if not entry & PRESENT:
            return "not present, but keeps its frame (no rights)" if entry & KEPT else "not present"
        words = ["writable" if entry & WRITABLE else "read-only"]
        words.append("user" if entry & USER else "kernel")
        if entry & NO_EXECUTE:
            words.append("no-execute")
        if leaf:
            words += [
                word
                for bit, word in (
                    (COW, "copy-on-write"),
                    (SHARED, "shared"),
                    (ACCESSED, "accessed"),
                    (DIRTY, "dirty"),
                )
                if entry & bit
            ]
        else:
            words.append("-> table")
        return " ".join(words)


class Frames(Command):
    """q-frames [PA]: how much physical memory is free, by block size.

    With an address: what the frame table says about that frame."""

    def run(self, arguments):
        pmm = evaluate("pmm")
        if int(pmm["table"]) == 0:
            print("the frame table does not exist yet")
            return
        if arguments:
            self.show_frame(pmm, int(evaluate(" ".join(arguments))) >> 12)
            return
        stats = pmm["stats"]
        print("%d frames, %d free, %d page tables" % (
            int(stats["total"]), int(stats["free"]), int(stats["tables"])))
        low, high = stats["blocks"].type.range()
        for order in range(low, high + 1):
            print("order %2d (%5d KiB): %d free" % (
                order, 4 << order, int(stats["blocks"][order])))

    @staticmethod
    def show_frame(pmm, number):
        if number >= int(pmm["limit"]):
            raise gdb.GdbError("frame %#x lies behind the frame table" % number)
        frame = pmm["table"][number]
        state = frame["state"].cast(gdb.lookup_type("enum frame_state"))
        print("frame %#x: %s, order %d, %d references" % (
            number, enum_name(state, "FRAME_"), int(frame["order"]), int(frame["count"])))


class Point(gdb.Breakpoint):
    """A place in the kernel at which a line is printed, without stopping."""

    def __init__(self, function, line):
        # The very first instruction: arguments are still in the registers of the ABI.
        super().__init__("*" + function, internal=True)
        self.silent = True
        self.line = line

    def stop(self):
        try:
            task = current_task()
            pid = int(task["pid"]) if int(task) else 0
            print("pid %-3d %s" % (pid, self.line()))
        except gdb.error as error:  # not readable: say so, and go on
            print("q-trace: %s" % error)
        return False


def argument(number, type_=None):
    value = gdb.parse_and_eval("$" + ("rdi", "rsi", "rdx", "rcx", "r8", "r9")[number])
    return value.cast(gdb.lookup_type(type_).pointer()) if type_ else int(value) & (1 << 64) - 1


def line_fault():
    access = argument(2)
    how = "write" if access & 1 else "fetch" if access & 2 else "read"
    return "fault    %s at %#x, from ring %d" % (how, argument(1), 3 if access & 4 else 0)


def line_call():
    frame = argument(0, "struct trap_frame")
    number, table = int(frame["rax"]), evaluate("syscalls")
    known = number <= table.type.range()[1] and int(table[number])
    name = symbol(int(table[number])) if known else "no such call"
    registers = ("rdi", "rsi", "rdx", "r10")
    return "call     %s (%d) %s" % (
        name, number, " ".join("%s=%#x" % (r, int(frame[r]) & (1 << 64) - 1) for r in registers))


def line_switch():
    task = evaluate("switched_from")
    return "switch   from %s to this one" % ("pid %d" % task["pid"] if int(task) else "the boot")


def line_start():
    task = argument(0, "struct task")
    return "start    pid %d '%s', PML4 at %#x" % (
        int(task["pid"]), task["name"].string(errors="replace"), root_of(task))


def line_exec():
    return "exec     %s" % evaluate("(const char *)$rsi").string(errors="replace")


def line_exit():
    return "exit     wait status %#x" % argument(0)


def line_flush():
    gather = argument(0, "struct tlb_gather")
    count = int(gather["page_count"])
    limit = gather["page"].type.range()[1] + 1
    if count > limit:
        return "flush    all"
    return "flush    %s" % (" ".join("%#x" % int(gather["page"][i]) for i in range(count)) or "-")


def line_allocate():
    return "frames   a block of order %d" % argument(0)


class Trace(Command):
    """q-trace [KIND...]: print a line whenever the kernel does something of these kinds; then
    continue. Kinds: faults calls switches tasks flushes frames; all: each of them; off: none.

    Without a kind: which are on. A machine that is traced is slow; for a whole run,
    ./quire trace record is better."""

    KINDS = {
        "faults": (("as_handle_fault", line_fault),),
        "calls": (("syscall_entry", line_call),),
        "switches": (("context_switch", line_switch),),
        "tasks": (("task_start", line_start), ("exec_commit", line_exec), ("task_exit", line_exit)),
        "flushes": (("tlb_gather_finish", line_flush),),
        "frames": (("pmm_alloc", line_allocate),),
    }
    points = {}

    def run(self, kinds):
        if kinds == ["off"]:
            for kind in list(self.points):
                for point in self.points.pop(kind):
                    point.delete()
        for kind in self.KINDS if kinds == ["all"] else kinds:
            if kind != "off" and kind not in self.KINDS:
                raise gdb.GdbError("q-trace knows no kind '%s'; there are: %s, all, off" % (
                    kind, " ".join(self.KINDS)))
        for kind in self.KINDS if kinds == ["all"] else kinds:
            if kind != "off" and kind not in self.points:
                self.points[kind] = [Point(*point) for point in self.KINDS[kind]]
        print("traced: %s" % (" ".join(self.points) or "nothing; q-trace faults, then continue"))


for name, command in (("q-tasks", Tasks), ("q-vmas", Vmas), ("q-walk", Walk),
                      ("q-frames", Frames), ("q-trace", Trace)):
    command(name)
