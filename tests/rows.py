"""Tables of many quick rows, told whole by one test: see `answers`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

Row = TypeVar("Row")
Answer = TypeVar("Answer")


def answers(
    rows: Iterable[Row], ask: Callable[[Row], Answer]
) -> dict[Row, Answer | str]:
    """What each row comes to: `{"a": 1, "b": "raised KeyError('x')"}`.

    A row that raises what nobody expects is told with its name, and hides no other.
    """
    found: dict[Row, Answer | str] = {}
    for row in rows:
        try:
            found[row] = ask(row)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is told
            found[row] = f"raised {error!r}"
    return found
