"""What brings a path back, or keeps it out, where somebody expected otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from ctxopt.core.builders import find_builder
from ctxopt.core.ignorefile.repair import Repair
from ctxopt.core.patterns.escaping import escaped
from ctxopt.core.why.answer import (
    Explanation,
    Habit,
    HabitKind,
    IdleLine,
    Manner,
    PathAnswer,
    PathState,
    Taker,
)
from ctxopt.view.terminal.formatting import BUILDERS
from ctxopt.view.why.verdict import source_words, why_ignored


def cures(answer: PathAnswer, told: Explanation) -> Iterator[str]:
    """What to do, a sentence each."""
    for early in answer.standing.too_early:
        place = early.location
        line = f"Line {place.line} of {place.file}" if place else "A line"
        yield (
            f'{line}, "{early.text.strip()}", comes too early to bring it back: a later'
            " line overrules it."
        )
    if answer.repair is not None:
        yield back(answer.repair, answer)
        yield from _taken_too(answer, told)
    if answer.keep_out:
        file = answer.ignore_file or _new_file(answer)
        yield f'To keep it out: add the line "{answer.keep_out}" to {file}.'
    for way in answer.instead:
        yield f"{way}."
    for habit in answer.habits:
        yield habit_words(habit)


def _new_file(answer: PathAnswer) -> str:
    """An ignore file that is not there yet."""
    where = f' in the folder of "{answer.context}"' if answer.context else ""
    return f".dockerignore{where}"


def back(repair: Repair, answer: PathAnswer) -> str:
    """The lines that bring it back, and for whom that was tried."""
    place = repair.behind.location
    lines = " and ".join(f'"{line}"' for line in repair.lines)
    noun = "line" if len(repair.lines) == 1 else "lines"
    where = f" below line {place.line} of {place.file}" if place else ""
    names = " and ".join(
        called(find_builder(one).label) for one in sorted(repair.builders)
    )
    more = ", with all that is in it" if answer.is_folder else ""
    missed = [called(find_builder(one).label) for one in sorted(repair.missed)]
    still = f"; for {missed[0]} it stays out" if missed else ""
    return (
        f"To bring it back{more}: add the {noun} {lines}{where} (tried with"
        f" {names}{still})."
    )


def _taken_too(answer: PathAnswer, told: Explanation) -> Iterator[str]:
    """Sources that sweep it in as soon as it is back."""
    for taker in answer.takers:
        if taker.takes and taker.manner in {Manner.SWEPT, Manner.WILDCARD}:
            yield f"{_then(taker)}{_unless(taker, answer, told)}."


def _then(taker: Taker) -> str:
    return f"Then {source_words(taker)} takes it, too"


def _unless(taker: Taker, answer: PathAnswer, told: Explanation) -> str:
    """How that source can leave it out all the same."""
    source = taker.source
    knows = find_builder(told.request.builder).knows_exclude
    left_out = escaped(answer.path)
    if not knows or source.mount or source.expanded.strip("./") or left_out is None:
        return ""
    return f", unless it says --exclude={left_out}"


def habit_words(habit: Habit) -> str:
    """Why a line does not keep it out, and which one does."""
    place = habit.pattern.location
    line = f"Line {place.line} of {place.file}" if place else "A line"
    text = f'"{habit.pattern.text.strip()}"'
    better = " and ".join(f'"{one}"' for one in habit.better)
    match habit.kind:
        case HabitKind.ROOT_ONLY:
            return f"{line}, {text}, reaches the root only; {better} reaches it here."
        case HabitKind.ODD:
            return f"{line}, {text}, does not mean what it looks like; {better} does."
        case HabitKind.SPELLING:
            return f"{line}, {text}, is spelled otherwise; {better} keeps it out."


def idle_words(idle: IdleLine) -> str:
    """What a line in a file that is not in force would do, and why it does not."""
    place = idle.pattern.location
    where = f"{idle.file}:{place.line}" if place else idle.file
    verb = "bring it back" if idle.pattern.negated else "keep it out"
    return (
        f'{where}, "{idle.pattern.text.strip()}", would {verb}, but is {idle.why}:'
        f" {idle.cure}."
    )


def other_words(answer: PathAnswer) -> str:
    """What the other builder does with it, where that differs."""
    other = answer.other
    assert other is not None
    label = BUILDERS[other.name]
    reads = f", which reads {other.ignore_file}," if other.ignore_file else ""
    standing = other.standing
    match standing.state:
        case PathState.IGNORED:
            why = why_ignored(answer.path, standing, label)
            return f"For {called(label)}{reads} it is not in the context: {why}."
        case PathState.BROKEN:
            return f"For {called(label)}{reads} the build fails there."
        case _ if standing.withdrawn:
            return f"{_capital(called(label))}{reads} sends it, and no COPY finds it."
        case _:
            return f"For {called(label)}{reads} it is in the context."


def called(label: str) -> str:
    """A builder in a sentence."""
    return f"the {label}" if label.endswith("builder") else label


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
