"""What a block says of its lines: for a reviewer who was not there, next year.

What it is, and which builds need it; where none does, why it is there. No size, no
count and no number of a line: they are true of one machine on one day, and the screen
has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ctxopt.core.ignorefile.block import BlockEntry
from ctxopt.core.suggest import ids
from ctxopt.core.suggest.proposals import Proposal
from ctxopt.core.suggest.topics import TITLES, rank, topic_of

SHORTEST = 24  # characters of a part of a sentence: `Large` alone says nothing
COLUMNS = 100  # of a line of comment, at the most
MORE = " ..."  # behind a text that is cut; in an ignore file ASCII is safest
NO_RISK = "None known"  # how a risk begins that is none
_ENDS = re.compile(r"(?<=[\w)\"])[;.]\s")  # not those of `COPY . .`
_COMMAS = re.compile(r",\s")


def entries_of(proposals: Iterable[Proposal]) -> list[BlockEntry]:
    """The lines of some proposals as a block has them, topic by topic."""
    ordered = sorted(proposals, key=lambda one: rank(_topic(one)))
    return [_entry(one) for one in ordered]


def _entry(one: Proposal) -> BlockEntry:
    id_ = ids.of_today(one.id)  # in the block it is all the same
    words = _words(one, COLUMNS - len(f"# {id_}: "))
    title = TITLES[_topic(one)]
    return BlockEntry(id_, words, one.lines, title)


def _topic(one: Proposal) -> str:
    return one.topic or topic_of(one.rule)


def _words(one: Proposal, room: int) -> str:
    """What it is, and what else of it fits a line."""
    label = _printable(one.comment or one.label)
    more = _printable(one.reason)
    if one.risk and not one.risk.startswith(NO_RISK):
        more = f"Risk: {_printable(one.risk)}"
    if one.comment or not more:
        return _shortened(label, room)
    left = room - len(label) - len(". ")
    said = next((part for part in _parts(more) if len(part) <= left), None)
    if said is None and more.startswith("Risk: "):
        said = _shortened(more, left)
    return f"{label}. {said}" if said else _shortened(label, room)


def _parts(text: str) -> Iterator[str]:
    """A text, and what is left of it without its last parts, longest first."""
    yield _bare(text)
    for ends, least in ((_ENDS, 0), (_COMMAS, SHORTEST)):
        for end in reversed([*ends.finditer(text)]):
            if end.start() >= least:
                yield text[: end.start()]


def _shortened(text: str, room: int) -> str:
    """A text that fits, cut between two words; as it is where that leaves nothing."""
    if len(text) <= room:
        return _bare(text)
    cut = text[: max(room - len(MORE), 0)].rpartition(" ")[0].rstrip(",;:. ")
    return f"{cut}{MORE}" if cut else text[: max(room, 1)]


def _bare(text: str) -> str:
    """A sentence without its full stop; that of `COPY . .` is none."""
    return text if text.endswith(" .") else text.removesuffix(".")


def _printable(text: str) -> str:
    return "".join(filter(str.isprintable, text))
