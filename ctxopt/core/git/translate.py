"""A line of git's ignore files in the language of `.dockerignore`.

`*.pt` is `**/*.pt` there, and `/runs/*` of `ml/.gitignore` is `ml/runs/*`. A line that
does not come out exactly the same is not translated.

EDGE CASE: `out/` speaks of folders only, which no line of an ignore file of docker can
say. Where it leads to one place, what stands there is known; elsewhere a file may have
that name.
EDGE CASE: `?` is a byte for git and a character for docker.
EDGE CASE: with `core.ignorecase`, git takes more than docker: never less.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ctxopt.core.git.ignorelines import IgnoreLine

# What means the same, and nothing but itself, in both languages and in expressions.
_PLAIN = r"[\w.~@%,=:#! \-]"
_PIECE = rf"(?a)(?:{_PLAIN}|\*(?!\*)|\[\0?[\w]+\])+"


def translated(line: IgnoreLine, file: str, place: str) -> str | None:
    """The pattern of a line of the ignore file `file`; None: it cannot be said.

    `file` is seen from the context, `place` the path of the context itself.
    """
    folder = file.removesuffix("info/exclude").rstrip("/").rpartition("/")[0]
    pieces = _anchored(line, [one for one in folder.split("/") if one], place)
    if line.negated or not pieces or not all(map(_is_exact, pieces)):
        return None
    wild = any("*" in one or "[" in one for one in pieces)
    if line.folders_only and wild:
        return None
    text = "/".join(one.replace("[\0", "[") for one in pieces)
    sound = text[0] not in "!# " and text[-1] != " "
    return text if sound else None


def _anchored(line: IgnoreLine, above: Sequence[str], place: str) -> list[str] | None:
    """The pieces of a line as they are seen from the context; None outside of it."""
    pieces = [*(line.folders if line.folders is not None else ("**",)), line.name]
    ups = sum(one == ".." for one in above)
    if not ups:
        return [*above, *pieces]
    if pieces[0] == "**":
        return pieces
    if len(above) > ups:
        return None  # it is beside the context
    way = place.split("/")[-ups:]
    return pieces[ups:] if pieces[:ups] == way else None


def _is_exact(piece: str) -> bool:
    return piece == "**" or re.fullmatch(_PIECE, piece) is not None


def may_bring_back(negated: IgnoreLine, line: IgnoreLine) -> bool:
    """Whether a line with `!` may speak of what a line before it ignores.

    Of `runs/*` and `!.env.example` it does not: who names a file anywhere means none
    that just everything in a folder is ignored for.
    """
    if not _meet(negated.name, line.name):
        return not line.folders and _is_below(negated, line)
    if negated.folders is None:
        return line.name not in ("*", "**")
    if line.folders is None:
        return True
    pairs = zip(negated.folders, line.folders, strict=False)
    return all("**" in pair or _meet(*pair) for pair in pairs)


def _is_below(negated: IgnoreLine, line: IgnoreLine) -> bool:
    """Whether a line with `!` leads through what the other one speaks of."""
    return any(_meet(one, line.name) for one in negated.folders or ())


def _meet(one: str, other: str) -> bool:
    """Whether two names with wildcards may be the same."""
    if not (re.search(_WILD, one) or re.search(_WILD, other)):
        return one == other
    starts = [re.split(_WILD, text)[0] for text in (one, other)]
    ends = [re.split(_WILD, text)[-1] for text in (one, other)]
    short, long = sorted(starts, key=len)
    last, longer = sorted(ends, key=len)
    return long.startswith(short) and longer.endswith(last)


_WILD = r"\*+|\?|\[[^]]*\]"
