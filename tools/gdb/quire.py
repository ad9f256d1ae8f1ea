"""Quire's commands for gdb; ./quire debug loads them and stops at kmain.

They read the kernel's own structures, by its debugging information, except for
page tables: those are read from physical memory, as the CPU does, so that
q-walk tells the truth even when the kernel is wrong about it.
"""

import re

import gdb

PRESENT, WRITABLE, USER, ACCESSED, DIRTY, LARGE = 1, 2, 4, 0x20, 0x40, 0x80
NO_EXECUTE = 1 << 63
ADDRESS = 0x000FFFFFFFFFF000
# The system's own bits, src/arch/paging.h.
COW, KEPT, SHARED = 0x200, 0x400, 0x800


def evaluate(expression):
    return gdb.parse_and_eval(expression)


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
    """q-tasks: all tasks, with the address space and kernel stack of each.

    The current one is marked with a star."""

    def run(self, _):
        current = int(current_task())
        if current == 0:
            print("the scheduler has not started")
            return
        print("  PID  PARENT STATE     ADDRESS SPACE      KERNEL STACK       NAME")
        for task in all_tasks():
            parent = task["parent"]
            print(
                "%s %-4d %-6s %-9s %#018x %#018x %s"
                % (
                    "*" if int(task) == current else " ",
                    int(task["pid"]),
                    int(parent["pid"]) if int(parent) else "-",
                    enum_name(task["state"], "TASK_"),
                    int(task["as"]),
                    int(task["kstack"]),
                    task["name"].string(errors="replace"),
                )
            )


class Vmas(Command):
    """q-vmas [PID]: the VMAs of a task, the current one unless a PID is given."""

    def run(self, arguments):
        task = self.find(int(arguments[0], 0)) if arguments else current_task()
        if int(task) == 0 or int(task["as"]) == 0:
            print("this task has no address space")
            return
        space = task["as"].dereference()
        print("task %d, PML4 at %#x, %d references" % (
            int(task["pid"]), int(space["pt"]["root"]["v"]), int(space["refs"])))
        self.show(space["vmas"]["root"])

    @staticmethod
    def find(pid):
        for task in all_tasks():
            if int(task["pid"]) == pid:
                return task
        raise gdb.GdbError("there is no task %d; q-tasks lists them" % pid)

    def show(self, node):
        if int(node) == 0:
            return
        self.show(node["left"])
        kind = node["kind"]
        flags = int(kind["flags"])
        rights = "".join(
            letter if flags & bit else "-" for letter, bit in (("r", 1), ("w", 2), ("x", 4))
        )
        print(
            "%#014x..%#014x %s%s %-9s %s"
            % (
                int(node["start"]),
                int(node["end"]),
                rights,
                "s" if flags & 16 else "p",
                enum_name(kind["type"], "VMA_"),
                enum_name(kind["size"], "VMA_PAGE_"),
            )
        )
        self.show(node["right"])


class Walk(Command):
    """q-walk VA: the page-table entries that lead to an address, level by level.

    Reads the tables that CR3 points to, in physical memory. VA is any expression."""

    LEVELS = (("PML4", 39), ("PDPT", 30), ("PD", 21), ("PT", 12))

    def run(self, arguments):
        if not arguments:
            raise gdb.GdbError("q-walk wants an address")
        address = int(evaluate(" ".join(arguments))) & (1 << 64) - 1
        if address >> 47 not in (0, (1 << 17) - 1):
            print("%#x is not canonical: any access is a general protection fault" % address)
            return
        table = int(evaluate("(unsigned long)$cr3")) & ADDRESS
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


for name, command in (("q-tasks", Tasks), ("q-vmas", Vmas), ("q-walk", Walk), ("q-frames", Frames)):
    command(name)

# A hardware breakpoint: the kernel is not in memory yet, so no other can be set.
gdb.execute("thbreak kmain")
gdb.execute("continue")
