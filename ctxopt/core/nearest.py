"""The known names that a mistyped or missing one may mean, and how they differ.

For example, in a folder with `Files` and `config.yaml`, "files" means the first, which
differs in case, and "config.yml" the second. Paths are looked for folder by folder, in
`core.sources.nearby`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from enum import IntEnum

from ctxopt.core.tuples import NamedTuple

_SEPARATORS = str.maketrans("", "", "-_. ")
_SHORTEST = 4  # of a shorter word most others are one letter off
_SHORTEST_SINGULAR = 3
_MOST_TYPED = 200  # letters; nobody types a longer name
_LIKE = 0.6  # how much words are to look alike, as difflib counts

# Endings that people take for one another; "" is none at all.
_ENDINGS = (
    frozenset({"yml", "yaml"}),
    frozenset({"js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"}),
    frozenset({"json", "jsonc", "json5"}),
    frozenset({"html", "htm"}),
    frozenset({"jpg", "jpeg"}),
    frozenset({"conf", "cfg", "cnf", "config", "ini"}),
    frozenset({"", "sh", "bash"}),
    frozenset({"", "md", "markdown", "rst", "txt"}),
    frozenset({"lock", "lockb"}),
    frozenset({"in", "txt"}),
    frozenset({"pem", "crt", "cer"}),
)


class Difference(IntEnum):
    """In what a name differs from the wanted one, what is meant most likely first."""

    UNICODE = 1  # looks the same: accents stored as NFC or NFD
    CASE = 2
    SEPARATOR = 3  # `-`, `_`, a blank or a dot, more, less or for one another
    EXTENSION = 4  # `.yml` and `.yaml`
    PLURAL = 5
    FOLDER = 6  # the same name in another folder
    LETTER = 7  # one more, less, another, or two swapped


class Near(NamedTuple):
    """A name or path that is there, and how it differs from the wanted one."""

    name: str
    difference: Difference


def nearest_names(wanted: str, known: Iterable[str]) -> list[Near]:
    """The names that `wanted` could mean, the likeliest first; itself is none of them.

    Those that differ alike stay in the order given. For closed lists (options, stages,
    build arguments) as well as for the names of a folder.
    """
    near = ((name, difference(wanted, name)) for name in known)
    found = [Near(name, how) for name, how in near if how is not None]
    return sorted(found, key=lambda one: one.difference)


def closest(word: str, known: Iterable[str]) -> str:
    """The word of a closed list that is likely meant, or itself; "" for no near one.

    More lenient than `nearest_names`: what looks much alike counts, in any case.
    """
    names = list(known)
    if word in names:
        return word
    if near := nearest_names(word, names):
        return near[0].name
    from difflib import get_close_matches  # dear, and seldom asked

    by_lower = {name.lower(): name for name in names}
    close = get_close_matches(word.lower(), by_lower, n=1, cutoff=_LIKE)
    return by_lower[close[0]] if close else ""


def difference(wanted: str, name: str) -> Difference | None:
    """How `name` differs from `wanted`; None for the same one and for a far one.

    A short `wanted` is never one letter off, as most short words are.
    """
    if wanted == name or max(len(wanted), len(name)) > _MOST_TYPED:
        return None
    wanted, name = (unicodedata.normalize("NFC", one) for one in (wanted, name))
    if wanted == name:
        return Difference.UNICODE
    wanted, name = wanted.casefold(), name.casefold()
    if wanted == name:
        return Difference.CASE
    if _bare(wanted) == _bare(name) != "":
        return Difference.SEPARATOR
    return _in_letters(wanted, name)


def _in_letters(wanted: str, name: str) -> Difference | None:
    """How two names in small letters differ, where it is more than a separator."""
    stem, ending = _split(wanted)
    other, another = _split(name)
    if stem and stem == other and _are_taken_for_another(ending, another):
        return Difference.EXTENSION
    if ending == another and _is_plural(stem, other):
        return Difference.PLURAL
    if len(stem) >= _SHORTEST and is_one_letter_off(_bare(wanted), _bare(name)):
        return Difference.LETTER
    return None


def _split(name: str) -> tuple[str, str]:
    """A name without its separators up to the last dot, and what is behind it."""
    stem, dot, ending = name.lstrip(".").rpartition(".")
    return (_bare(stem), ending) if dot else (_bare(ending), "")


def _bare(word: str) -> str:
    return word.translate(_SEPARATORS)


def _are_taken_for_another(ending: str, other: str) -> bool:
    return any(ending in alike and other in alike for alike in _ENDINGS)


def _is_plural(one: str, other: str) -> bool:
    """Whether one word is the other's plural, as English makes most of them."""
    single, many = sorted((one, other), key=len)
    plurals = (f"{single}s", f"{single}es", f"{single.removesuffix('y')}ies")
    return len(single) >= _SHORTEST_SINGULAR and many in plurals


def is_one_letter_off(one: str, other: str) -> bool:
    """Whether a letter more, less, another or two in the wrong order make the words."""
    shorter, longer = sorted((one, other), key=len)
    if shorter == longer or len(longer) - len(shorter) > 1:
        return False
    start = 0
    while start < len(shorter) and shorter[start] == longer[start]:
        start += 1
    rest, more = shorter[start:], longer[start:]
    if len(shorter) < len(longer):
        return rest == more[1:]
    return rest[1:] == more[1:] or (
        rest[:2] == more[1::-1] and rest[2:] == more[2:] and len(rest) > 1
    )
