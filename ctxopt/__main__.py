"""The way in from the shell: `ctxopt`, `python -m ctxopt`."""

from __future__ import annotations

import gc
import sys


def run() -> None:
    """Run the command line and leave with its exit status."""
    if sys.argv[1:] == ["--version"]:
        # Answered before click is imported, which would take three times as long.
        from ctxopt import __version__

        sys.stdout.write(f"ctxopt {__version__}\n")
        return
    # Start-up makes many records and hardly any garbage: look for it less often.
    gc.set_threshold(50_000)
    try:
        from ctxopt.cli import main

        main(prog_name="ctxopt")
    except KeyboardInterrupt:  # before or after the command, which has its own
        sys.exit(130)


if __name__ == "__main__":
    run()
