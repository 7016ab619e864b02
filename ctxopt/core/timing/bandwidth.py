"""The bandwidth of a link, as people write it."""

from __future__ import annotations

import math
import re

from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.errors import CtxoptError

if TYPE_CHECKING:
    from typing import Final

_BANDWIDTH: Final = (
    r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*([kKmMgG]?)(?:(bits?|b)|(bytes?|B))(?:/s|ps)?"
)


_BANDWIDTH_UNITS: Final = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}


def parse_bandwidth(text: str) -> int:
    """Return the bits per second of words such as "20Mbit", "1.5 Gbit/s" or "3MB/s".

    As everywhere, `b` is a bit and `B` a byte, and units are powers of 1000.
    Raises CtxoptError for anything else, and for nothing at all per second.
    """
    if match := re.fullmatch(_BANDWIDTH, text.strip()):
        number, unit, _, in_bytes = match.groups()
        size = _BANDWIDTH_UNITS[unit.lower()] * (8 if in_bytes else 1)
        # A number of hundreds of digits is infinite, which is no bandwidth either.
        bits = float(number) * size
        if 1 <= bits < math.inf:
            return round(bits)
    raise CtxoptError(
        f'"{text}" is no bandwidth',
        hint='write a number and bit, kbit, Mbit or Gbit, such as "20Mbit"; '
        '"2.5MB/s" is understood too',
    )
