"""How wide the columns of the table are, and which of them give way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ctxopt.core.tuples import NamedTuple
from ctxopt.view.terminal.layout import Page, cells

GAP = 2
WORDS = ("name", "dockerfile", "context")
NUMBERS = ("transfer", "again", "waste", "errors", "warnings")
# A name is typed into the next command, so it is the last that is cut.
_LEAST = {"name": 24, "dockerfile": 14, "context": 16}
# What is told elsewhere as well, or matters least, goes first.
_GIVING_WAY = ("context", "again", "dockerfile", "warnings", "waste", "errors")
_SHORT = {"errors": "err", "warnings": "warn"}


class Columns(NamedTuple):
    """The columns that are shown, each with its width and its head."""

    widths: Mapping[str, int]
    heads: Mapping[str, str]

    @property
    def words_width(self) -> int:
        """Cells of those with words, and of the gaps between them."""
        shown = [self.widths[one] for one in WORDS if one in self.widths]
        return sum(shown) + GAP * (len(shown) - 1)


def fit(
    heads: Mapping[str, str], rows: Sequence[Mapping[str, str]], page: Page
) -> Columns:
    """The columns that have something in them, as far as the page has room.

    A row is its cells by the name of their column; an empty one may be left out.
    A context that all have in common is told only where nothing is cut for it.
    """
    natural = _natural(heads, rows)
    shown = [one for one in (*WORDS, *NUMBERS) if one in natural]
    is_common = len({row["context"] for row in rows if row.get("context")}) == 1
    if is_common and sum(GAP + natural[one] for one in shown) > page.width:
        shown.remove("context")
    for short in (False, True):
        heads = {
            one: _SHORT.get(one, heads[one]) if short else heads[one] for one in shown
        }
        natural = _natural(heads, rows)
        if _least(shown, natural) <= page.width:
            return _shared(shown, natural, heads, page)
    for one in _GIVING_WAY:
        if _least(shown, natural) > page.width and one in shown:
            shown.remove(one)
    return _shared(shown, natural, heads, page)


def _natural(
    heads: Mapping[str, str], rows: Sequence[Mapping[str, str]]
) -> dict[str, int]:
    """What each column needs to show all; none where no row has anything in it."""
    widths = {}
    for column, head in heads.items():
        needed = [cells(row[column]) for row in rows if row.get(column)]
        if needed or column == "name":
            widths[column] = max(cells(head), *needed, 0)
    return widths


def _least(shown: Sequence[str], natural: Mapping[str, int]) -> int:
    widths = [min(natural[one], _LEAST.get(one, natural[one])) for one in shown]
    return sum(GAP + one for one in widths)


def _shared(
    shown: Sequence[str],
    natural: Mapping[str, int],
    heads: Mapping[str, str],
    page: Page,
) -> Columns:
    """Each its least, and what room is left to the first that can use it."""
    widths = {one: min(natural[one], _LEAST.get(one, natural[one])) for one in shown}
    spare = page.width - sum(GAP + width for width in widths.values())
    for one in shown:
        wider = min(natural[one] - widths[one], max(spare, 0))
        widths[one] += wider
        spare -= wider
    if spare < 0:  # a page too narrow for its columns
        widths["name"] = max(widths["name"] + spare, 4)
    return Columns(widths, {one: heads[one] for one in shown})
