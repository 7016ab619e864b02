"""How many processes may share the work."""

from __future__ import annotations

import os
import sys

from ctxopt.errors import WorkerError

VARIABLE = "CTXOPT_WORKERS"  # so many; 1 keeps everything in one process
MOST_WORKERS = 8  # unless the variable says more: each takes some memory


def available_workers() -> int:
    """How many processes may share the work; 1 where forking is no option.

    Raises WorkerError when the environment asks for something else than a number.
    """
    asked = os.environ.get(VARIABLE, "")
    if asked and not (asked.isascii() and asked.isdecimal() and int(asked) > 0):
        raise WorkerError(
            f'the environment variable {VARIABLE} is "{asked}"',
            hint="set it to the number of processes, 1 or more",
        )
    # A fork copies one thread and the locks of all; macOS's own libraries do not
    # survive it. Whoever started a thread has imported the module (start-up).
    threading = sys.modules.get("threading")
    alone = threading is None or threading.active_count() == 1
    if sys.platform != "linux" or not alone:
        return 1
    return int(asked) if asked else min(len(os.sched_getaffinity(0)), MOST_WORKERS)
