"""Short names of suggestions, made from what they keep out and from nothing else.

A rule has one in its table. What no rule speaks for is called by a word and the end of
its path, or of the line of git that ignores it: `large-shop-full-sql`, `git-data`. No
number of a line is part of it, so it means the same after an edit. Where several have
the same name, each gets digits of a checksum behind it that tell them apart; with
these digits it can be named at all times. All are safe in a shell and in a comment.
"""

from __future__ import annotations

import re
from binascii import crc32
from collections import Counter
from collections.abc import Iterator, Sequence

from ctxopt.core.tuples import NamedTuple

# The first words of all that no rule speaks for; no id of a rule begins with one.
CACHE, ENVIRONMENT, GIT = "cachedir", "venv", "git"
LARGE, UNUSED, PROGRAM = "large", "unused", "program"
WORDS = (CACHE, ENVIRONMENT, GIT, LARGE, UNUSED, PROGRAM)

# What stands behind the name of a rule where it speaks of two things at once.
TRACKED, REST = "tracked", "rest"

# What stands before the path in the `rule` of those that are about one: `large:a.sql`.
RULES = {
    CACHE: "cache",
    ENVIRONMENT: "environment",
    LARGE: "large",
    UNUSED: "unused",
    PROGRAM: "program",
}
PATH_RULES = tuple(f"{rule}:" for rule in RULES.values())

# What stands behind the id of a rule that speaks of what is not there yet.
AHEAD = "-ahead"

TAIL = 16  # characters of what follows the word, at the most
DIGITS = (4, 8)  # of the checksum: few, or all where few are not enough

_EVIDENCE = rf"(?:{'|'.join(WORDS)})(?:-[a-z0-9]+)+"
_GAPS = re.compile(r"[^a-z0-9]+")


class Name(NamedTuple):
    """What a suggestion may be called."""

    short: str
    key: str = ""  # all that makes it what it is; empty: a rule's own name
    other: str = ""  # put behind a rule's name that another part of it has

    @property
    def forms(self) -> tuple[str, ...]:
        """Short, and with digits behind: a scan shows the first that is its own."""
        if not self.key:
            part = f"{self.short}-{self.other}"
            return (self.short, part) if self.other else (self.short,)
        digits = f"{crc32(self.key.encode('utf-8', 'surrogatepass')):08x}"
        longer = [f"{self.short}-{digits[:count]}" for count in DIGITS]
        # A word alone says nothing of which one it is.
        return (*longer,) if self.short in WORDS else (self.short, *longer)


def name(word: str, *texts: str, key: str) -> Name:
    """The name of what a path or a line of git says, one of `WORDS` in front.

    It is made of the first of the texts that has a word in it: `*` has none.
    """
    tails = (_tail(text) for text in texts)
    return Name("-".join((word, *next(filter(None, tails), ()))), key)


def rule_of(id_: str) -> str:
    """The rule that an id speaks of, whichever part of it."""
    id_ = of_today(id_)
    for word in (TRACKED, REST):
        id_ = id_.removesuffix(f"-{word}")
    return id_


def of_today(id_: str) -> str:
    """The id of what a rule says of what is there."""
    return id_.removesuffix(AHEAD)


def ahead(rule: str) -> str:
    """The id of what a rule says of the future, where it speaks of today as well."""
    return f"{rule}{AHEAD}"


def says_unused(rule: str) -> bool:
    """Whether the `rule` of a proposal says that no source takes a path."""
    return rule.startswith(f"{RULES[UNUSED]}:")


def path_rule(word: str, path: str) -> str:
    """The `rule` of what a word says of a path."""
    return f"{RULES[word]}:{path}"


def is_evidence(id_: str) -> bool:
    """Whether an id is of the kind that no rule has."""
    return re.fullmatch(_EVIDENCE, id_) is not None


def _tail(text: str) -> list[str]:
    """The last words of a text that fit."""
    parts = [part for part in _GAPS.split(text.lower()) if part]
    tail: list[str] = []
    for part in reversed(parts):
        if tail and len("-".join((part, *tail))) > TAIL:
            break
        tail.insert(0, part[:TAIL])
    return tail


def told_apart(names: Sequence[Name]) -> tuple[str, ...]:
    """An id for each name, no two the same; in whatever order they come."""
    for count in range(max((len(one.forms) for one in names), default=1)):
        forms = [one.forms[: count + 1] for one in names]
        ids = tuple(_own(forms))
        if len({*ids}) == len(ids):
            return ids
    return _numbered(names)


def _own(forms: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Of each the first form that nobody else has; the last where there is none."""
    taken = Counter(form for one in forms for form in one)
    for one in forms:
        yield next((form for form in one if taken[form] == 1), one[-1])


def _numbered(names: Sequence[Name]) -> tuple[str, ...]:
    """The longest forms, and a number where even these are the same."""
    order = sorted(range(len(names)), key=lambda index: names[index].key)
    ids: dict[int, str] = {}
    for index in order:
        wanted = names[index].forms[-1]
        again = 1
        while (given := wanted if again == 1 else f"{wanted}-{again}") in ids.values():
            again += 1
        ids[index] = given
    return tuple(ids[index] for index in range(len(names)))
