"""Runs a program on a terminal of its own: what it is shown goes to standard output, a line of standard input is typed.

    on_terminal.py COLUMNS ROWS PROGRAM [ARGUMENT]...

After the program has ended, the last line on standard error is a JSON object: its exit code, and whether the terminal's modes are those of before.
"""

import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios

columns, rows = int(sys.argv[1]), int(sys.argv[2])
master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
before = termios.tcgetattr(slave)

child = os.fork()
if child == 0:
    os.close(master)
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for stream in (0, 1, 2):
        os.dup2(slave, stream)
    os.close(slave)
    os.execvp(sys.argv[3], sys.argv[3:])

was_raw = False
inputs = [master, sys.stdin.fileno()]
status = None
while status is None:
    ready, _, _ = select.select(inputs, [], [], 0.05)
    was_raw = was_raw or termios.tcgetattr(slave) != before
    if master in ready:
        sys.stdout.buffer.write(os.read(master, 65536))
        sys.stdout.buffer.flush()
    if sys.stdin.fileno() in ready:
        typed = os.read(sys.stdin.fileno(), 1024)
        if typed:
            os.write(master, typed)
        else:
            inputs.remove(sys.stdin.fileno())
    if not ready:
        pid, ended = os.waitpid(child, os.WNOHANG)
        if pid != 0:
            status = os.WEXITSTATUS(ended) if os.WIFEXITED(ended) else -os.WTERMSIG(ended)

# What it wrote between the last look and its end.
while select.select([master], [], [], 0)[0]:
    sys.stdout.buffer.write(os.read(master, 65536))
sys.stdout.buffer.flush()
same = termios.tcgetattr(slave) == before
print(json.dumps({"code": status, "wasRaw": was_raw, "asBefore": same}), file=sys.stderr)
