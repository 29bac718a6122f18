#!/usr/bin/env python3
"""Prints a stream for git fast-import: a history of COUNT commits, every EVERY-th of which names a task.

usage: history.py COUNT EVERY TRAILERS

TRAILERS is a file with the trailers of one stamped commit, which those that name a task repeat.
"""
import sys

count, every = int(sys.argv[1]), int(sys.argv[2])
trailers = open(sys.argv[3], encoding="utf-8").read().strip()
out = sys.stdout.buffer
body = "What was wrong, what was measured, and why it is done this way. " * 4
for number in range(1, count + 1):
    message = f"feat: change number {number} (company-agent)\n\n{body}\n"
    if every and number % every == 0:
        message += f"\n{trailers}\n"
    data = message.encode()
    text = f"line {number}\n".encode()
    out.write(b"commit refs/heads/main\n")
    out.write(b"mark :%d\n" % number)
    out.write(b"author A <a@example.org> %d +0000\n" % (1_600_000_000 + number))
    out.write(b"committer A <a@example.org> %d +0000\n" % (1_600_000_000 + number))
    out.write(b"data %d\n" % len(data) + data)
    if number > 1:
        out.write(b"from :%d\n" % (number - 1))
    out.write(b"M 100644 inline d%d/f%d\n" % (number % 40, number % 997))
    out.write(b"data %d\n" % len(text) + text + b"\n")
