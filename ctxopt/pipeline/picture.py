"""A measured build as a picture: what the views that draw need beside the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from ctxopt.core.measure.clutter_match import Span
from ctxopt.core.measure.remainder import Remainder
from ctxopt.core.measure.stream import Total, TransferTotals
from ctxopt.core.model import BuildCost, Problem, Report, Request
from ctxopt.core.patterns.escaping import escaped
from ctxopt.core.picture import lines
from ctxopt.core.picture.courses import (
    course_of,
    passes_content_on,
)
from ctxopt.core.picture.layers import LayerIndex, SetTable, layers_of
from ctxopt.core.picture.records import (
    Course,
    IgnoreText,
    OwnEntry,
    Picture,
    WireForm,
)
from ctxopt.core.picture.spots import MOST_SPOTS, Overlay, spots_of
from ctxopt.core.picture.states import Takers
from ctxopt.core.steps import NOBODY, Waiting
from ctxopt.core.suggest.policy import NO_POLICY, Policy
from ctxopt.core.suggest.weighing import Weighed
from ctxopt.pipeline.advice import Advice, Estimate, advise, own_line, rule_index_of
from ctxopt.pipeline.measuring import MeasuredBuild, measure
from ctxopt.pipeline.report import report_of

# Of each folder so many places are remembered, and so deep; the rest is summed up.
PLACES = 40
LEVELS = 14


def analyze_with_picture(
    request: Request,
    *,
    excluded: bool = False,
    estimate: Estimate,
    policy: Policy = NO_POLICY,
    progress: Waiting | None = None,
    announce: Callable[[Problem], None] | None = None,
) -> tuple[Report, Picture]:
    """The report of a build as `analyze` makes it, and its picture.

    Raises CtxoptError for input that the builder would refuse.
    """
    measured = measure(
        request,
        top=PLACES,
        depth=LEVELS,
        rule_index=partial(rule_index_of, policy=policy),
        progress=progress,
        announce=announce,
        compares=True,
    )
    advice = advise(measured, estimate, listener=progress or NOBODY)
    report = report_of(request, measured, advice, excluded=excluded)
    return report, picture_of(measured, advice)


def picture_of(
    measured: MeasuredBuild, advice: Advice, *, most: int = MOST_SPOTS
) -> Picture:
    """The picture of a build, with what any choice of its suggestions comes to.

    It has about so many spots at the `most`.
    """
    savings, weighed = advice.savings, advice.weighed
    finds = [one.proposal.clutter for one in weighed]
    table = SetTable()
    context = savings.context
    context_layers = layers_of(
        context, [[find.context for find in some] for some in finds], table
    )
    transfer, transfer_layers = context, context_layers
    if savings.transfer is not context:
        transfer = savings.transfer
        spans = [[find.transfer for find in some] for some in finds]
        transfer_layers = layers_of(transfer, spans, table)
    in_context = LayerIndex(context_layers)
    overlay = Overlay(
        context=in_context,
        transfer=in_context if transfer is context else LayerIndex(transfer_layers),
        takers=Takers([one.wanted for one in measured.job.targets.traced]),
        uses_all=not savings.builder.sends_all,
    )
    courses = course_of(context, context_layers), course_of(transfer, transfer_layers)
    text = _text(advice, weighed)
    own = _Own(advice, text, overlay)
    return Picture(
        spots=spots_of(measured.found.measurement.root, overlay, most=most),
        sets=table.sets,
        suggestions=advice.suggestions,
        now=savings.now(),
        known=tuple(_known(advice)),
        unasked=_unasked(advice),
        context=courses[0],
        transfer=None if transfer is context else courses[1],
        own=own.entries(),
        form=_form(advice),
        sends=savings.sends,
        text=text,
        first=advice.profile.first,
        repeat=advice.profile.repeat,
        about=tuple(_doubts(advice, text, (context, transfer), courses)),
    )


def _unasked(advice: Advice) -> tuple[int, ...]:
    """What `write --yes` writes of the suggestions for what is there."""
    wanted = {one.shown.id for one in advice.unasked}
    return tuple(at for at, one in enumerate(advice.weighed) if one.shown.id in wanted)


def _known(advice: Advice) -> Iterator[tuple[tuple[int, ...], BuildCost]]:
    """What some choices come to: each alone, what is written unasked, and all."""
    weighed = advice.weighed
    alone = [(at,) for at in range(len(weighed))]
    choices = dict.fromkeys((*alone, _unasked(advice), (*range(len(weighed)),)))
    for choice in choices:
        if choice:
            yield choice, advice.after([weighed[at] for at in choice])


# --- the ignore file -------------------------------------------------------------


def _text(advice: Advice, weighed: Sequence[Weighed]) -> IgnoreText:
    """The ignore file with any choice; each alone and all are tried."""
    target = advice.target
    own = None
    line = escaped(target.relative) if target.relative else None
    if line and not (target.exists or advice.keeps_own):
        own = own_line(line)
    pieces = lines.pieces_of([one.proposal for one in weighed], own)
    full = advice.file_with(weighed) if weighed else target.file
    text = lines.text_of(target.file, full, pieces, exists=target.exists)
    if not text.is_exact:
        return text
    for numbers in ([*range(len(weighed))], *([at] for at in range(len(weighed)))):
        made = lines.assembled(text, numbers)
        said = advice.file_with([weighed[at] for at in numbers]).to_bytes()
        if made.encode("utf-8", "surrogateescape") != said:
            return text._replace(is_exact=False)
    return text


class _Own:
    """The ignore file as an entry of both streams."""

    def __init__(
        self,
        advice: Advice,
        text: IgnoreText,
        overlay: Overlay,
    ) -> None:
        self._advice = advice
        self._text = text
        self._overlay = overlay

    def entries(self) -> tuple[OwnEntry | None, OwnEntry | None]:
        """In the context and in the transfer; None where it does not travel."""
        advice = self._advice
        if not (advice.weighed and advice.target.relative):
            return None, None
        if not advice.target.exists:
            context, transfer = advice.appears
            return self._entry(context, 0), self._entry(transfer, 0)
        if advice.own is None:
            return None, None
        spans = advice.own.context, advice.own.transfer
        chosen_by = self._overlay.context.chosen_by(spans[0].start, spans[0].end)
        places = [span.start if span.start < span.end else None for span in spans]
        return self._entry(places[0], chosen_by), self._entry(places[1], chosen_by)

    def _entry(self, position: int | None, chosen_by: int) -> OwnEntry | None:
        from ctxopt.host.disk.probe import entry_to_be  # as in `advice`

        if position is None:
            return None
        advice, weigh = self._advice, self._advice.savings.builder.wire.weigh
        before = advice.own_entry()
        now = (
            entry_to_be(advice.target.relative, 0, 0o644) if before is None else before
        )
        after = now if before is None else advice.rewritten(before, 0)
        sizes = self._sizes()
        weights = [weigh(after._replace(size=size), None) for size in sizes]
        weight = (0, 0, 0) if before is None else weigh(before, None)
        if weight is None or None in weights:
            return None
        return OwnEntry(
            position=position,
            chosen_by=chosen_by,
            is_new=before is None,
            size=0 if before is None else before.size,
            least=sizes.start,
            weights=tuple(one for one in weights if one is not None),
            weight=weight,
        )

    def _sizes(self) -> range:
        """All that the file may have with some choice."""
        weighed = self._advice.weighed
        most = len(self._advice.file_with(weighed).to_bytes())
        least = len((self._text.before + self._text.after).encode("utf-8", "replace"))
        return range(min(least, most), most + 1)


# --- how sums become bytes -------------------------------------------------------


def _form(advice: Advice) -> WireForm:
    """What the builder makes of sums: it is linear, so a few of them tell all."""
    savings = advice.savings
    builder = savings.builder

    def sent(total: Total) -> tuple[int, int | None]:
        made = builder.transfer(total, None)
        return made.tally.wire_bytes, made.repeat_wire_bytes

    none, stat, data, resent = (
        sent(Remainder(0, 0, 0, *one, left_out=()))
        for one in ((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1))
    )
    per_stat, per_data = stat[0] - none[0], data[0] - none[0]
    now = savings.transfer
    bulk = per_stat * now.stat_bytes + per_data * now.data_bytes
    constant = builder.transfer(now, savings.outside).tally.wire_bytes - bulk
    again = None
    if none[1] is not None and not savings.repeats_all:
        assert stat[1] is not None
        assert data[1] is not None
        again = stat[1] - none[1], data[1] - none[1], none[1]
        if resent[1] != none[1]:
            again = (*again[:2], none[1] + now.resent_bytes)
    return WireForm(per_stat, per_data, constant, again)


def _doubts(
    advice: Advice,
    text: IgnoreText,
    totals: Sequence[TransferTotals],
    courses: Sequence[Course],
) -> Iterator[str]:
    """Why the sums of a choice may be off, in words."""
    moved = sum(
        passes_content_on(total, course)
        for total, course in zip(totals, courses, strict=True)
    )
    if moved:
        yield (
            "files with several names (hard links) send their content under the first"
            " name that stays"
        )
    if any(one.is_coarse for one in courses):
        yield "what goes lies in too many places to say how short ids get"
    if any(one.stream.unread for one in totals):
        yield "files that cannot be read are sent again by each build"
    outside = advice.savings.outside
    if outside is not None and outside.ignore_file_size is not None:
        yield "the Dockerfile comes from outside, with a name put to the ignore file"
    if advice.own is not None and _has_names(advice.own.context, totals[0]):
        yield "the ignore file has another name (a hard link), which writing parts"
    travels = advice.own is not None or advice.appears != (None, None)
    if not text.is_exact and travels:
        yield "the ignore file is sent itself, and its block grows where it is"


def _has_names(span: Span, total: TransferTotals) -> bool:
    """Whether an entry has other names, here or elsewhere."""
    low, high = total.linked.within(span.start, span.end)
    return low < high
