"""What advice costs: the CPU of a scan with all that it suggests, and without.

    python -m benchmarks.advice TREE

Each is a process of its own, forked before either has imported what a scan imports
only when it needs it, and walks without workers.
"""

from __future__ import annotations

import json
import os
import sys

from ctxopt.core.model import Request
from ctxopt.host.walk.processors import VARIABLE
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.report import analyze


def cpu_of(root: str, estimate: Estimate | None) -> float:
    """The processor time of one scan."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            analyze(Request(root), estimate=estimate)
            status = 0
        finally:
            os._exit(status)
    _, status, used = os.wait4(pid, 0)
    if status:
        sys.exit(f"a scan of {root} failed")
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print both."""
    os.environ[VARIABLE] = "1"
    root = sys.argv[1]
    print(json.dumps({"bare": cpu_of(root, None), "advised": cpu_of(root, Estimate())}))


if __name__ == "__main__":
    main()
