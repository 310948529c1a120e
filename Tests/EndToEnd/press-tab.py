#!/usr/bin/env python3
"""Presses TAB in a real shell on a terminal of its own.
usage: press-tab.py SETUP LINE WANTED COMMAND...
Starts COMMAND (an interactive shell), runs the line SETUP, types LINE and TAB, and ends with 0 as soon as WANTED is on the
screen behind it; with 1, and the screen on standard output, after 20 seconds."""
import os, pty, re, select, signal, sys, time

setup, line, wanted, command = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(TERM="xterm", COLUMNS="120", LINES="40", PS1="> ")
    os.execvp(command[0], command)
deadline = time.monotonic() + 20
screen = ""


def read_until(pattern):
    global screen
    while not re.search(pattern, screen):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([terminal], [], [], left)[0]:
            return False
        try:
            got = os.read(terminal, 65536)
        except OSError:
            return False
        # Without the sequences that colour and move.
        screen += re.sub(r"\x1b(\[[0-9;?]*[a-zA-Z]|[=>]|\][^\x07]*\x07|\([AB])", "", got.decode(errors="replace"))
    return True


os.write(terminal, setup.encode() + b" ; echo set''up\r")
found = read_until(r"[^']setup")
screen = ""
os.write(terminal, line.encode() + b"\t")
found = found and read_until(wanted)
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
if not found:
    print(screen)
sys.exit(0 if found else 1)
