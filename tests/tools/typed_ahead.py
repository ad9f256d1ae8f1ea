#!/usr/bin/python3
"""Keys that no program reads, typed without end: they hold nothing up, and what counts is how
the program ended, not that nobody took the last keys.

    RUN=quire-run PROBE=probe typed_ahead.py
"""
import os
import pty
import select
import subprocess
import sys
import tempfile

PATIENCE = 100  # seconds


def run_flooded(options, arguments):
    """Status and standard output of the runner, at a terminal that types as fast as it can."""
    keys, terminal = pty.openpty()
    os.set_blocking(keys, False)
    with tempfile.TemporaryFile() as out, subprocess.Popen(
            [os.environ["RUN"], "--direct", "--keys", "--timeout", str(PATIENCE), *options,
             os.environ["PROBE"], *arguments], stdin=terminal, stdout=out) as run:
        while run.poll() is None:
            if select.select([], [keys], [], 0.01)[1]:
                try:
                    os.write(keys, b"y\n" * 500)
                except BlockingIOError:
                    pass  # the terminal is full
        out.seek(0)
        return run.returncode, out.read()


def main():
    with tempfile.NamedTemporaryFile() as file:
        data = os.urandom(1_000_000)  # more than any pipe on its way holds
        file.write(data)
        file.flush()
        status, out = run_flooded(["--file", f"{file.name}=data"], ["file", "data"])
        if status != 0 or out != data:
            sys.exit(f"FAILED: status {status}, {len(out)} of {len(data)} bytes")
    for _ in range(5):
        status, out = run_flooded([], ["exit", "7"])
        if status != 7:
            sys.exit(f"FAILED: status {status} instead of 7")


main()
