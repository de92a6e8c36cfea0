"""Runs a command and writes what it took, its children's share included, to a file.

usage: measure.py <result file> <command> [argument...]
The result is JSON: wall and CPU milliseconds, the peak memory of the largest process in MiB, the exit code.
"""
import json
import os
import sys
import time

result, *command = sys.argv[1:]
started = time.perf_counter()
child = os.posix_spawnp(command[0], command, os.environ)
_, status, _ = os.wait4(child, 0)
wall = time.perf_counter() - started

import resource  # Not needed before, hence not a part of what a child inherits.

used = resource.getrusage(resource.RUSAGE_CHILDREN)
# Kilobytes on Linux, bytes on macOS.
unit = 1024 * 1024 if sys.platform == "darwin" else 1024
with open(result, "w", encoding="utf-8") as file:
    json.dump(
        {
            "wallMs": wall * 1000,
            "cpuMs": (used.ru_utime + used.ru_stime) * 1000,
            "peakMiB": used.ru_maxrss / unit,
            "code": os.waitstatus_to_exitcode(status),
        },
        file,
    )
