"""Which suggestions are meant by what a person types: ids, or their patterns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.ignorefile import block
from ctxopt.core.ignorefile.lines import IgnoreFile, Line
from ctxopt.core.nearest import closest
from ctxopt.core.patterns.escaping import is_sound
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.suggest import ids
from ctxopt.core.suggest.gathering import TOGETHER
from ctxopt.core.suggest.proposals import Proposal
from ctxopt.core.suggest.rules import Rule, rules
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError


class Named(NamedTuple):
    """What is meant, and what could be meant and is not suggested now."""

    ids: frozenset[str]
    absent: tuple[str, ...]  # as they were typed


def named(
    made: Sequence[Proposal],
    wanted: Sequence[str],
    file: IgnoreFile,
    *,
    own: Sequence[Rule] = (),
) -> Named:
    """The suggestions that are meant, each by an id or by one of its patterns.

    `own` are the rules of the project. What is not suggested now, but has an id at
    other times or stands in the ignore file, is no mistake: it may be written already.
    Raises CtxoptError for a name that nothing can have, or that several have.
    """
    found: set[str] = set()
    absent = []
    for text in wanted:
        meant = _by_name(made, _told(text, own)) or _by_pattern(made, text)
        found.update(meant)
        if meant:
            continue
        if not _could_be_named(text, file, own):
            raise CtxoptError(
                f'no suggestion is called "{text}"', hint=_unknown(made, text)
            )
        absent.append(text)
    return Named(frozenset(found), tuple(absent))


def nearest(made: Sequence[Proposal], text: str) -> str | None:
    """The id of the suggestion that a name looks like; None if it is like no other."""
    spellings = {spelling: one.id for one in made for spelling in _spellings(one)}
    exact = next((one.id for one in made if one.rule == text), None)
    return exact or spellings.get(closest(text, spellings))


def is_slip(made: Sequence[Proposal], text: str, *, own: Sequence[Rule] = ()) -> bool:
    """Whether a name that no suggestion has now looks like that of another one."""
    return not _is_rule(text, own) and nearest(made, text) is not None


def absence(
    made: Sequence[Proposal],
    text: str,
    file: IgnoreFile,
    *,
    own: Sequence[Rule] = (),
) -> str:
    """What to say of a name that no suggestion has now."""
    said = f'"{text}" is not suggested now'
    entry = _entry(text)
    for pattern in block.declined(file):
        if pattern.cleaned == entry and pattern.location is not None:
            place = f"{file.shown}:{pattern.location.line}"
            return f"{said}: {place} says no; delete that line to be asked again"
    whole = next((one.id for one in made if _takes(one, text)), None)
    if whole is not None:
        return f'"{text}" is no suggestion of its own; it is part of {whole}'
    slip = is_slip(made, text, own=own)
    return f"{said}; is {nearest(made, text)} meant?" if slip else said


def _takes(one: Proposal, path: str) -> bool:
    """Whether a path is among what a suggestion would keep out."""
    return any(path.strip("/") in find.paths for find in one.clutter)


def _by_name(made: Sequence[Proposal], text: str) -> tuple[str, ...]:
    for one in made:
        if one.id == text:
            return (text,)
    meant = tuple(one.id for one in made if text in _names(one))
    if len(meant) > 1:
        raise CtxoptError(
            f'"{text}" is the name of {len(meant)} suggestions',
            hint=f"say {' or '.join(sorted(meant))}",
        )
    return meant


def _names(one: Proposal) -> tuple[str, ...]:
    """What it is called, or would be if others were there or were not.

    Scripts may use a `rule` that names a path in place of the id. The number of a line
    of git is no name: it is that of another one after an edit.
    """
    if one.rule.startswith(ids.PATH_RULES):
        return (*one.name.forms, one.rule)
    return one.name.forms


def _by_pattern(made: Sequence[Proposal], text: str) -> tuple[str, ...]:
    entry = _entry(text)
    return tuple(one.id for one in made if entry and entry in [*map(_entry, one.lines)])


def _entry(text: str) -> str | None:
    """What a pattern comes to as a line of an ignore file."""
    # A blank in front, or `#` would make a comment of it.
    content = f" {text}".encode("utf-8", "surrogateescape")
    return Line(0, content, b"").entry


def _spellings(one: Proposal) -> Iterator[str]:
    yield from one.name.forms
    yield from one.lines


def _could_be_named(text: str, file: IgnoreFile, own: Sequence[Rule]) -> bool:
    """Whether a suggestion may be called so, at another time."""
    if text.startswith(ids.PATH_RULES) or ids.is_evidence(text) or text in TOGETHER:
        return True
    if _is_rule(text, own) or any(text == idea.rule for idea in block.entries_in(file)):
        return True
    entry = _entry(text)
    return entry is not None and (_stands_in(file, entry) or _is_ruled(entry, own))


def _told(text: str, own: Sequence[Rule]) -> str:
    """The id of the suggestion that speaks for a rule, or the text as it is."""
    known = (*own, *rules().rules)
    return next((one.part_of for one in known if one.id == text), "") or text


def _is_rule(text: str, own: Sequence[Rule]) -> bool:
    return any(ids.rule_of(text) == rule.id for rule in (*own, *rules().rules))


def _stands_in(file: IgnoreFile, entry: str) -> bool:
    if any(line.entry == entry for line in file.lines):
        return True
    return any(one.cleaned == entry for one in block.declined(file))


def _is_ruled(entry: str, own: Sequence[Rule]) -> bool:
    """Whether a rule speaks of what a pattern names."""
    known = [pattern for rule in (*own, *rules().rules) for pattern in rule.patterns]
    patterns = compile_patterns([one for one in known if is_sound(one)])
    return Matcher(patterns).verdict(entry).excluded


def _unknown(made: Sequence[Proposal], text: str) -> str:
    """What to say instead of a name that nothing has."""
    near = nearest(made, text)
    if near is not None:
        lines = next(one.lines for one in made if one.id == near)
        return f"did you mean {near} ({'  '.join(lines)})?"
    if not made:
        return "there is none now"
    return f"there are {', '.join(sorted(one.id for one in made))}"
