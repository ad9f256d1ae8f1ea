"""A machine with the map on its screen, for the tests: its screen, its keys, what it says.

Geometry and colours are stated here again, from docs/map.md, not taken from the kernel.
"""
import os
import re
import socket
import struct
import subprocess
import tempfile
import time

RUN = os.environ["QUIRE_RUN"]
FIRMWARE = "/usr/share/OVMF/OVMF_CODE_4M.fd"
PAPER = (0x0B, 0x0E, 0x14)
FREE = (0x39, 0x42, 0x4F)
TABLE = (0xF0, 0xE4, 0x42)
OWNER = [(0x56, 0xB4, 0xE9), (0x00, 0xC4, 0x8C), (0xF0, 0x70, 0x3C)]
COW = (0xFF, 0xB0, 0x00)
SHARED = (0xFF, 0x7A, 0xD0)


def dim(colour, eighths):
    return tuple(c * eighths // 8 for c in colour)


class Failed(Exception):
    pass


def check(holds, text):
    if not holds:
        raise Failed(text)


def wait_for(what, seconds=90):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = what()
        if value:
            return value
        time.sleep(0.1)
    raise Failed(f"nothing after {seconds} s: {what.__name__}")


class Screen:
    """Pixels of a PPM file."""

    def __init__(self, data):
        head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", data)
        self.width, self.height = int(head[1]), int(head[2])
        self.data = data[head.end():]

    def pixel(self, x, y):
        at = (y * self.width + x) * 3
        return tuple(self.data[at:at + 3])


class Machine:
    """QEMU with an image of quire-run's, or its kernel and archive without a loader."""

    def __init__(self, program, words=(), mem=32, uefi=False, arguments=()):
        self.work = tempfile.TemporaryDirectory()
        self.dir = self.work.name
        iso = f"{self.dir}/map.iso"
        make = [RUN, "--map", "--mem", str(128 if uefi else mem), "--iso", iso]
        for word in words:
            make += ["--kernel-arg", word]
        subprocess.run(make + (["--uefi"] if uefi else []) + [program, *arguments], check=True,
                       stdin=subprocess.DEVNULL)
        command = ["qemu-system-x86_64", "-no-user-config", "-nodefaults", "-accel", "tcg",
                   "-cpu", "max", "-vga", "std", "-display", "none", "-no-reboot", "-m", str(mem),
                   "-machine", "pc,memory-backend=ram",
                   "-object", f"memory-backend-ram,id=ram,size={mem}M,reserve=off",
                   "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
                   "-chardev", f"file,id=lpt1,path={self.dir}/lpt", "-parallel", "chardev:lpt1",
                   "-chardev", "stdio,id=com1,signal=off", "-serial", "chardev:com1",
                   "-monitor", f"unix:{self.dir}/monitor,server=on,wait=off", "-cdrom", iso]
        if uefi:
            command += ["-drive", f"if=pflash,format=raw,readonly=on,file={FIRMWARE}"]
        with open(f"{self.dir}/log", "wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log)
        self.monitor = socket.socket(socket.AF_UNIX)

        def monitor_is_there():
            try:
                self.monitor.connect(f"{self.dir}/monitor")
                return True
            except OSError:
                return False
        wait_for(monitor_is_there, 20)
        self.read_monitor()

    def __enter__(self):
        return self

    def __exit__(self, kind, *rest):
        if kind:
            print(self.log()[-2000:])
            print(repr(self.output()[-500:]))
        self.process.kill()
        self.process.wait()
        self.work.cleanup()

    # ---- the monitor ----

    def read_monitor(self):
        text = b""
        while not text.endswith(b"(qemu) "):
            part = self.monitor.recv(65536)
            check(part, "the monitor has gone")
            text += part
        return text.decode("latin1")

    def ask(self, command):
        self.monitor.sendall(command.encode() + b"\n")
        return self.read_monitor()

    def key(self, name):
        self.ask(f"sendkey {name} 30")
        time.sleep(0.3)

    def type(self, text):
        """Keys from the terminal, through COM1."""
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def screen(self):
        self.ask(f"screendump {self.dir}/screen.ppm")
        with open(f"{self.dir}/screen.ppm", "rb") as file:
            return Screen(file.read())

    def word(self, address):
        """Eight bytes of physical memory."""
        found = re.search(r": 0x([0-9a-f]{16})", self.ask(f"xp /1gx {address:#x}"))
        return int(found[1], 16)

    def text_rows(self):
        """What stands on the VGA's text screen."""
        lines = re.findall(r"^[0-9a-f]{16}:(.*)$", self.ask("xp /2000hx 0xb8000"), re.M)
        cells = re.findall(r"0x([0-9a-f]{4})", "".join(lines))
        text = "".join(chr(int(c, 16) & 0xFF) for c in cells)
        return [text[i:i + 80] for i in range(0, 2000, 80)]

    # ---- what the machine says ----

    def log(self):
        with open(f"{self.dir}/log", errors="replace") as file:
            return file.read()

    def frames(self):
        """The frames on LPT1: type and payload."""
        with open(f"{self.dir}/lpt", "rb") as file:
            data = file.read()
        at = 0
        while at + 4 <= len(data):
            size = struct.unpack_from("<H", data, at + 2)[0]
            if at + 4 + size > len(data):
                break  # it is being written
            yield chr(data[at]), data[at + 4:at + 4 + size]
            at += 4 + size

    def output(self):
        return b"".join(payload for kind, payload in self.frames() if kind == "O").decode()

    def status(self):
        return [payload.decode() for kind, payload in self.frames() if kind == "S"]

    def find(self, pattern):
        """Wait until standard output matches."""
        def output_matches():
            return re.search(pattern, self.output(), re.M)
        return wait_for(output_matches)

    # ---- the map ----

    def grid(self):
        """(x, y, cells, dots of a cell, columns, frames in a cell), as the log states them."""
        def log_names_the_grid():
            return re.search(r"show: \d+x\d+ dots; the grid at (\d+),(\d+): (\d+) cells of (\d+) "
                             r"dots in (\d+) columns, (\d+) frames each", self.log())
        return [int(n) for n in wait_for(log_names_the_grid).groups()]

    def cell(self, screen, frame):
        """The colour of a frame's cell, beside what may be drawn in its middle."""
        x, y, _, dots, columns, each = self.grid()
        index = frame // each
        return screen.pixel(x + index % columns * dots + 1, y + index // columns * dots + 1)
