#!/usr/bin/python3
"""Make docs/map.gif, the picture in README.md: the live map during the demo `fork`.

    docs/make-map.py [OUTPUT]

The kernel draws, two events a second; this script takes the screen whenever it has changed. Wants, besides
a built tree, gifsicle and netpbm.
"""

import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIRST = 42  # picture: before it, exec and the first faults
DELAY, PAUSE = 45, 300  # hundredths of a second; the last picture stays


def start(work):
    subprocess.run([ROOT / "build/host/tools/run/quire-run", "--map", "--mem", "32M", "--iso", work / "map.iso",
                    "--kernel-arg", "zoom", "--kernel-arg", "hold", "--kernel-arg", "show=2",
                    ROOT / "build/host/user/demos/fork", "--captions"], check=True)
    machine = subprocess.Popen(
        ["qemu-system-x86_64", "-accel", "tcg", "-cpu", "max", "-m", "32", "-cdrom", work / "map.iso",
         "-display", "none", "-vga", "std", "-parallel", "null", "-no-reboot",
         "-monitor", "unix:%s/monitor,server=on,wait=off" % work])
    while not (work / "monitor").exists():
        time.sleep(0.1)
    monitor = socket.socket(socket.AF_UNIX)
    monitor.connect(str(work / "monitor"))
    return machine, monitor


def screen(monitor, path):
    """The screen as a PPM file, once all of it has been written."""
    monitor.sendall(b"screendump %s\n" % str(path).encode())
    for _ in range(200):
        time.sleep(0.02)
        head = path.read_bytes()[:32].split() if path.exists() else []
        if len(head) > 3 and path.stat().st_size >= int(head[1]) * int(head[2]) * 3:
            return path.read_bytes()
    raise SystemExit("make-map: QEMU gives no picture of its screen")


def watch(monitor, work):
    """Each picture that differs from the one before, until nothing changes for a while."""
    pictures, last, since = [], None, time.monotonic()
    while time.monotonic() < since + 12 and len(pictures) < 200:
        path = work / ("%03d.ppm" % len(pictures))
        path.unlink(missing_ok=True)
        now = screen(monitor, path)
        if now != last:
            if now.startswith(b"P6\n1024 768"):  # the map's; the firmware's is smaller
                pictures.append(path)
            last, since = now, time.monotonic()
        time.sleep(0.1)
    return pictures


def main():
    output = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "docs/map.gif")
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        machine, monitor = start(work)
        try:
            pictures = watch(monitor, work)[FIRST:]
        finally:
            machine.kill()
        for path in pictures:
            gif = subprocess.run(["ppmtogif", "-quiet", path], check=True, capture_output=True).stdout
            path.with_suffix(".gif").write_bytes(gif)
        gifs = [path.with_suffix(".gif") for path in pictures]
        subprocess.run(["gifsicle", "-O3", "--colors", "64", "--loop", "-d", str(DELAY), *gifs[:-1],
                        "-d", str(PAUSE), gifs[-1], "-o", output], check=True)
    print("%s: %d pictures" % (output, len(pictures)))


main()
