#!/usr/bin/python3
"""The live map in a real window, on an X server of its own, with keys typed into it:

    QUIRE_RUN=quire-run window.py SCENE [OPTION...]

SCENE is the program of user/tests/show_scene.c. The options are quire-run's: none for QEMU's
window, --bochs for Bochs'.
"""
import os
import struct
import subprocess
import sys
import tempfile

from machine import COW, Failed, PAPER, RUN, SHARED, TABLE, check, wait_for

PAUSED = (0xFF, 0xD8, 0x4A)  # the letters that say so


class Display:
    """Xvfb, which keeps its screen in a file: X11/XWDFile.h."""

    def __init__(self, folder):
        self.file = os.path.join(folder, "Xvfb_screen0")
        end, other = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(other), "-screen", "0", "1280x1024x24", "-fbdir", folder,
             "-nolisten", "tcp", "-noreset"], pass_fds=[other], stderr=subprocess.DEVNULL)
        os.close(other)
        with os.fdopen(end) as pipe:
            number = pipe.read().strip()  # nothing if it could not start
        check(number, "Xvfb does not start")
        self.name = ":" + number

    def has(self, colours):
        """Are these colours all on the screen?"""
        with open(self.file, "rb") as file:
            data = file.read()
        head = struct.unpack(">25I", data[:100])
        start, size = head[0] + 12 * head[19], head[12] * head[5]
        shades = set(memoryview(data)[start:start + size].cast("I"))
        pixels = {shade & 0xFFFFFF for shade in shades}
        return all(red << 16 | green << 8 | blue in pixels for red, green, blue in colours)

    def key(self, name):
        """Type a key into the window below the pointer, which has the focus then."""
        subprocess.run(["xdotool", "mousemove", "500", "500", "key", name], check=True,
                       env={**os.environ, "DISPLAY": self.name})


def play(display, run):
    def map_is_shown():
        check(run.poll() is None, f"the machine ended with {run.returncode}")
        return display.has([PAPER, TABLE, SHARED, COW])

    def is_paused():
        return display.has([PAUSED])

    def goes_on():
        return not display.has([PAUSED])

    wait_for(map_is_shown)
    check(goes_on(), "it is paused before anybody said so")
    display.key("p")
    wait_for(is_paused)
    display.key("space")
    wait_for(goes_on)
    display.key("q")
    check(run.wait(timeout=60) == 128 + 15, f"status {run.returncode} after q")  # as SIGTERM


def has_autopsy(display):
    """After a panic in Bochs' window the machine is recorded again, without a window."""
    run = subprocess.run(
        [RUN, "--gui", "--bochs", "--timeout", "100", "--kernel-arg", "crash=null", sys.argv[1]],
        env={**os.environ, "DISPLAY": display.name}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True)
    check(run.returncode == 123, f"status {run.returncode} after a panic")
    check("\nlook at\n" in run.stderr and "crash_" in run.stderr, "no autopsy: " + run.stderr)


def main():
    with tempfile.TemporaryDirectory() as folder:
        display = Display(folder)
        run = subprocess.Popen(
            [RUN, "--map", "--timeout", "200", "--mem", "32M", *sys.argv[2:], sys.argv[1]],
            env={**os.environ, "DISPLAY": display.name}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL)
        try:
            play(display, run)
            if "--bochs" in sys.argv:
                has_autopsy(display)
        except Failed as failure:
            sys.exit(f"FAILED: {failure}")
        finally:
            run.terminate()
            run.wait(timeout=60)
            display.server.terminate()
            display.server.wait()


main()
