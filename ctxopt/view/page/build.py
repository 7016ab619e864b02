"""One build as the JSON that the page's script reads, in as much detail as wanted.

Names are made safe to show here; what is copied, the lines of the ignore file, stays
as it is. Long lists are columns: a page of 230,000 entries has room for few words.
"""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.model import Report
from ctxopt.core.picture.coarser import coarser
from ctxopt.core.picture.courses import without_order
from ctxopt.core.picture.records import Picture, SpotKind
from ctxopt.core.tuples import NamedTuple
from ctxopt.view.page import choosing, drawing, facts
from ctxopt.view.page.shown import WIDE, safe
from ctxopt.view.report import header, outcome, problems, secrets
from ctxopt.view.report.json import Json
from ctxopt.view.terminal import formatting

OUT_OF_ORDER = (
    "this page has no room for the order of all entries, which says how short ids get"
)


class Drawn(NamedTuple):
    """A build to be shown: its name among several, report and picture.

    `options` name it in a command that is offered; None: all of them.
    """

    name: str
    report: Report
    picture: Picture
    options: Sequence[str] | None = None


class Detail(NamedTuple):
    """How much of a build is told, where there is not room for all."""

    spots: int
    rows: int  # of each list: secrets, sources and so on
    keeps_order: bool = True  # False: sums of several switches are about right


def title_of(one: Drawn) -> str:
    """What a page is called."""
    verb = "reads" if formatting.reads_in_place(one.report) else "sends"
    return f"{safe(one.name) or _root(one.report)}: what a build {verb}"


def build_json(one: Drawn, detail: Detail) -> Json:
    """All that a page has of a build."""
    report, picture = one.report, _as_detailed(one.picture, detail)
    command = outcome.build_options(report) if one.options is None else one.options
    return {
        "name": safe(one.name),
        "title": title_of(one),
        "which": _which(report),
        "root": _root(report),
        "profile": report.projection.profile if report.projection else "",
        "command": safe(outcome.command(report, command)),
        "summed": _summed(report, picture),
        "sends": picture.sends,
        "isKnown": report.context is not None,
        "isWhole": report.transfer.is_whole,
        "inPlace": formatting.reads_in_place(report),
        **_drawn_json(picture),
        **_choices_json(report, picture),
        **_sums_json(picture),
        **_facts_json(report, detail.rows),
    }


def _as_detailed(picture: Picture, detail: Detail) -> Picture:
    picture = picture._replace(spots=coarser(picture.spots, detail.spots))
    courses = [one for one in (picture.context, picture.transfer) if one is not None]
    if detail.keeps_order or not any(one.stretches for one in courses):
        return picture
    about = picture.about
    if any(one.steps or one.late for one in courses):
        about = (*about, OUT_OF_ORDER)
    summed = [without_order(one) for one in courses]
    transfer = summed[1] if len(summed) > 1 else None
    return picture._replace(context=summed[0], transfer=transfer, about=about)


def _drawn_json(picture: Picture) -> Json:
    """What is drawn: places, and what becomes of them."""
    numbers = {takers: at for at, takers in enumerate(drawing.takers_of(picture.spots))}
    return {
        "spots": drawing.spots_json(picture.spots, numbers),
        "states": drawing.STATES,
        "takers": [list(takers) for takers in numbers],
        "sets": [list(some) for some in picture.sets],
    }


def _choices_json(report: Report, picture: Picture) -> Json:
    """What can be chosen, and the text of the ignore file."""
    return {
        "suggestions": [*choosing.suggestions_json(picture)],
        "ahead": _ahead(report),
        "unasked": list(picture.unasked),
        "none": outcome.ALL_HELD if report.held_back else outcome.NONE,
        "text": choosing.text_json(picture.text),
    }


def _sums_json(picture: Picture) -> Json:
    """What any choice comes to; what ctxopt has measured where sums are not exact."""
    known = picture.known if picture.about else ()
    form = picture.form
    return {
        "now": drawing.cost_json(picture.now),
        "known": [[list(choice), drawing.cost_json(cost)] for choice, cost in known],
        "about": list(picture.about),
        "context": drawing.course_json(picture.context),
        "transfer": picture.transfer and drawing.course_json(picture.transfer),
        "own": [drawing.own_json(own) for own in picture.own],
        "form": {
            "stat": form.per_stat,
            "data": form.per_data,
            "constant": form.constant,
            "again": form.again,
        },
        "first": drawing.model_json(picture.first),
        "repeat": drawing.model_json(picture.repeat),
    }


def _facts_json(report: Report, most: int) -> Json:
    """What does not change; of lists without an end so many rows at the `most`."""
    told = [
        found
        for found in problems.worth_telling(report)
        if not found.code.startswith(secrets.CODES)
    ]
    lists = {
        "secrets": [facts.secret_json(found) for found in report.secrets],
        "problems": [facts.problem_json(found) for found in told],
        "held": [facts.held_json(held) for held in report.held_back],
        "named": [facts.named_json(named) for named in report.named],
    }
    return {
        "excluded": facts.excluded_json(report),
        "sources": [facts.source_json(use) for use in report.sources],
        **{name: rows[:most] for name, rows in lists.items()},
        "more": {
            name: len(rows) - most for name, rows in lists.items() if len(rows) > most
        },
    }


def _ahead(report: Report) -> int:
    """How many lines `write --yes` adds besides, for what is not there yet."""
    if report.ignore_file is not None:
        return 0
    return sum(len(one.patterns) for one in report.preventive)


def _which(report: Report) -> str:
    """Which build it is, in words."""
    builder = formatting.BUILDERS[report.request.builder]
    ignore = header.ignore_file_words(
        report.ignore_file,
        report.context_path,
        WIDE,
        in_place=formatting.reads_in_place(report),
    )
    dockerfile = safe(header.dockerfile_name(report))
    stage = header.stage_name(report, WIDE)
    return f"{dockerfile} · {builder}, {stage} · {ignore}"


def _root(report: Report) -> str:
    return safe(report.context_path.rstrip("/").rpartition("/")[2] or "/")


def _summed(report: Report, picture: Picture) -> str:
    """What of the context has no place of its own, and what was not looked at."""
    drawn = sum(one.kind is SpotKind.FILE for one in picture.spots)
    total = report.context.files if report.context is not None else 0
    said = []
    if drawn < total:
        said.append(
            f"{drawn:,} of {formatting.count(total, 'file')} have a place of their own;"
            " smaller ones are summed up in their folder."
        )
    if report.ignore_file is not None:
        kept = "What the ignore file keeps out already is not walked, so it is not here"
        if report.excluded is not None:
            kept += " but as a sum above"
        else:
            kept += "; --excluded counts it"
        said.append(f"{kept}.")
    return " ".join(said)
