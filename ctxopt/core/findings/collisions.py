"""The words for a file and a folder that are copied to the same place."""

from __future__ import annotations

from ctxopt.core.findings import codes
from ctxopt.core.model import Location, Problem
from ctxopt.core.sources.overlay import Clash, Collision


def collision(found: Collision, place: Location) -> Problem:
    """What the instruction at `place` does to what was copied before."""
    earlier = f'"{found.earlier}"' if found.earlier else "what was copied before"
    later = f'"{found.later}"' if found.later else "what is copied here"
    match found.clash:
        case Clash.FOLDER_ON_FILE:
            what = f"{later} is a folder, but {earlier} is already a file"
        case Clash.FILE_ON_FOLDER:
            what = f"{later} is a file, but {earlier} is already a folder"
        case Clash.BELOW_FILE | Clash.DEEP_BELOW_FILE:
            what = f"a folder is needed here, but {earlier} is already a file"
    refusal = found.clash.value.format(place=found.place, below=found.below)
    return codes.COPY_COLLISION.problem(
        f"{what} at {found.place}; the build fails: {refusal}",
        place=place,
        subject=found.place,
    )
