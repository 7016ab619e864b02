"""Who takes a path, under which name it arrives, and where it goes from there."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from ctxopt.core.model import Reach, Source
from ctxopt.core.sources.reach import Hop
from ctxopt.core.why.answer import Explanation, Manner, PathAnswer, PathState, Taker
from ctxopt.view.terminal.formatting import one_line


def taker_row(taker: Taker, answer: PathAnswer, told: Explanation) -> tuple[str, str]:
    """The place of a source, and a sentence on what it does with a path."""
    source = taker.source
    place = f"{source.location.file}:{source.location.line}"
    text = one_line(source.line_text)
    after = f"; {undeclared_words(taker.undeclared)}" if taker.undeclared else ""
    return place, f"{text} {_does(taker, answer, told)}{_unset(taker)}{after}"


def undeclared_words(names: tuple[str, ...]) -> str:
    """Arguments that no line of the stage itself makes known to it."""
    read = " and ".join(f"${name}" for name in names)
    lines = " and ".join(f'"ARG {name}"' for name in names)
    be = "is" if len(names) == 1 else "are"
    return f"{read} {be} set above the first FROM only: write {lines} in the stage"


def _does(taker: Taker, answer: PathAnswer, told: Explanation) -> str:
    if taker.manner is Manner.UNKNOWN:
        names = " and ".join(f"${name}" for name in taker.source.assumed)
        return f"may take it: a base image that is not read may set {names}"
    if taker.stage_unneeded:
        return (
            f'would take it, but it stands in the stage "{taker.source.stage}", which'
            f" {_target(told)} does not need"
        )
    if taker.left_out_by:
        return f"leaves it out: --exclude={taker.left_out_by}"
    if taker.fails:
        return f"{_asks(taker)}, and the build fails there"
    if taker.unsent:
        return "would take it, but is read as another pattern where it is sent"
    if answer.standing.state is PathState.OUTSIDE:
        return f'takes what has that name in the context instead: "{_cut_off(taker)}"'
    if answer.standing.state is not PathState.CONTEXT:
        return _would(taker)
    if answer.standing.withdrawn:
        return "would take it, and does not find it"
    return f"{_takes(taker)}{_arrives(taker, answer)}{_exclude(taker)}"


def _cut_off(taker: Taker) -> str:
    """A source that leads above the context, as BuildKit reads it: from its root.

    Source: moby/buildkit, frontend/dockerfile/dockerfile2llb/convert.go, dispatchCopy.
    """
    return posixpath.normpath(f"/{taker.source.expanded}").lstrip("/") or "."


def _exclude(taker: Taker) -> str:
    """An `--exclude` that looks as if it left the path out."""
    if not taker.idle_exclude:
        return ""
    flag = f"--exclude={taker.idle_exclude}"
    if taker.exclude_meant:
        return (
            f"; {flag} reaches no deeper than right below the source,"
            f" --exclude={taker.exclude_meant} reaches it"
        )
    return f"; {flag} does not reach what a wildcard hits itself"


def _target(told: Explanation) -> str:
    target = told.request.target
    return f"--target {target}" if target else "the last stage"


def _asks(taker: Taker) -> str:
    if taker.manner is Manner.NAMED:
        return "asks for it"
    return f'asks for "{taker.through or taker.source.expanded}"'


def _would(taker: Taker) -> str:
    match taker.manner:
        case Manner.SWEPT:
            return "would sweep it in"
        case Manner.WILDCARD:
            return "would hit it"
        case Manner.WITHIN:
            return "takes something in it"
        case _:
            return "would take it"


def _takes(taker: Taker) -> str:
    match taker.manner:
        case Manner.NAMED:
            return "names it"
        case Manner.WILDCARD:
            return "hits it"
        case Manner.FOLDER:
            return f'takes it with "{taker.through}"'
        case Manner.SWEPT:
            return "sweeps it in"
        case Manner.LINK:
            return f'comes to it through the link "{taker.through}"'
        case Manner.WITHIN:
            return "takes something in it"
        case Manner.UNKNOWN:
            return "may take it"


def _arrives(taker: Taker, answer: PathAnswer) -> str:
    """Where it arrives, stage by stage."""
    if taker.reach is Reach.MOUNT:
        return ", for this RUN alone: it is in no image"
    if not taker.hops:
        return ""
    if taker.unpacked:
        return f"; it is unpacked in {taker.source.destination}"
    first, *others = taker.hops
    content, way = ("its content", "in") if answer.is_folder else ("it", "as")
    start = f"; {content} arrives {way} {_place(first)}"
    if taker.reach is not Reach.IMAGE:
        whole = " as a whole" if answer.is_folder else ""
        return f'{start} in the stage "{first.stage}", and goes no further{whole}'
    if not others:
        return start
    return f'{start} in the stage "{first.stage}"{"".join(map(_onward, others))}'


def _place(hop: Hop) -> str:
    inside = " (or in it, if that is a folder)" if hop.inside else ""
    if hop.sure:
        return f"{hop.place}{inside}"
    place = hop.place.lstrip("/") or "."
    return f"{place} in the WORKDIR of its base image{inside}"


def _onward(hop: Hop) -> str:
    if hop.by is None:
        return f', on which the stage "{hop.stage}" is built'
    line = hop.by.location.line
    return f", and {one_line(hop.by.line_text)} (line {line}) brings it to {hop.place}"


def _unset(taker: Taker) -> str:
    """Build arguments of a source that have no value."""
    if not taker.unset:
        return ""
    return f"; {unset_words(taker.unset, taker.source)}"


def unset_words(unset: Sequence[str], source: Source) -> str:
    """What a source means without the values of its build arguments."""
    names = " and ".join(f"${name}" for name in unset)
    given = " ".join(f"--build-arg {name}=VALUE" for name in unset)
    has = "has" if len(unset) == 1 else "have"
    read = source.expanded
    meant = f'"{read}"' if read else "the whole context"
    return f"{names} {has} no value, so that {meant} is meant: give {given}"


def elsewhere_row(source: Source) -> tuple[str, str]:
    """The place of a source that looks in a stage or an image, and a sentence on it."""
    place = f"{source.location.file}:{source.location.line}"
    where = f'the {source.kind} "{source.origin}"'
    looks = f'looks for "{source.expanded}" in {where}, not in the context'
    return place, f"{one_line(source.line_text)} {looks}"
