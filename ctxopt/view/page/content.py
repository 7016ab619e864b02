"""What a page shows, as the JSON that its script reads.

Names are made safe to show here; what is copied, the lines of the ignore file, stays
as it is. Long lists are columns: a page of 230,000 entries has room for few words.
"""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.model import Report
from ctxopt.core.picture.records import Picture, SpotKind
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError
from ctxopt.view.page import choosing, drawing, facts
from ctxopt.view.page.shown import WIDE, safe
from ctxopt.view.report import header, outcome, problems, secrets
from ctxopt.view.report.json import Json
from ctxopt.view.terminal import formatting


class Drawn(NamedTuple):
    """A build to be shown: its name among several, report and picture.

    `options` name it in a command that is offered; None: all of them.
    """

    name: str
    report: Report
    picture: Picture
    options: Sequence[str] | None = None


Failed = tuple[str, CtxoptError]  # the name of a build, and why it was not measured


def content_of(drawn: Sequence[Drawn], failed: Sequence[Failed] = ()) -> Json:
    """All builds of a page; what several have in common is there once."""
    packets: list[Json] = []
    return {
        "builds": [_build(one, packets) for one in drawn],
        "packets": packets,
        "failed": [
            {"name": safe(name), "message": safe(error.message)}
            for name, error in failed
        ],
    }


def title_of(one: Drawn) -> str:
    """What a page is called."""
    verb = "reads" if formatting.reads_in_place(one.report) else "sends"
    return f"{safe(one.name) or _root(one.report)}: what a build {verb}"


def _build(one: Drawn, packets: list[Json]) -> Json:
    report, picture = one.report, one.picture
    numbers = {takers: at for at, takers in enumerate(drawing.takers_of(picture.spots))}
    command = outcome.build_options(report) if one.options is None else one.options
    return {
        "name": safe(one.name),
        "title": title_of(one),
        "which": _which(report),
        "root": _root(report),
        "spots": drawing.spots_json(picture.spots, numbers),
        "states": drawing.STATES,
        "takers": [list(takers) for takers in numbers],
        "sets": [list(some) for some in picture.sets],
        "suggestions": [*choosing.suggestions_json(picture)],
        "ahead": _ahead(report),
        "unasked": list(picture.unasked),
        "none": outcome.ALL_HELD if report.held_back else outcome.NONE,
        "now": drawing.cost_json(picture.now),
        "known": [
            [list(choice), drawing.cost_json(cost)] for choice, cost in picture.known
        ],
        "context": drawing.course_json(picture.context, packets),
        "transfer": picture.transfer and drawing.course_json(picture.transfer, packets),
        "own": [drawing.own_json(own) for own in picture.own],
        "form": {
            "stat": picture.form.per_stat,
            "data": picture.form.per_data,
            "constant": picture.form.constant,
            "again": picture.form.again,
        },
        "sends": picture.sends,
        "isKnown": report.context is not None,
        "isWhole": report.transfer.is_whole,
        "inPlace": formatting.reads_in_place(report),
        "text": choosing.text_json(picture.text),
        "first": drawing.model_json(picture.first),
        "repeat": drawing.model_json(picture.repeat),
        "profile": report.projection.profile if report.projection else "",
        "about": list(picture.about),
        "command": safe(outcome.command(report, command)),
        "excluded": facts.excluded_json(report),
        "sources": [facts.source_json(use) for use in report.sources],
        "secrets": [facts.secret_json(found) for found in report.secrets],
        "problems": [
            facts.problem_json(found)
            for found in problems.worth_telling(report)
            if not found.code.startswith(secrets.CODES)
        ],
        "held": [
            {"path": safe(held.path), "why": safe(held.why)}
            for held in report.held_back
        ],
        "named": [
            {
                "name": safe(named.name),
                "path": safe(named.path),
                "sent": named.transfer.tally.wire_bytes,
                "files": named.transfer.tally.files,
            }
            for named in report.named
        ],
        "summed": _summed(report, picture),
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
