"""What can be chosen, as JSON: suggestions, and the ignore file with any of them."""

from __future__ import annotations

from collections.abc import Iterator

from ctxopt.core.ignorefile.block import END
from ctxopt.core.model import Confidence, Suggestion
from ctxopt.core.picture.records import IgnoreText, Picture
from ctxopt.view.page.shown import safe
from ctxopt.view.report.json import Json

_LINES = 400  # of the ignore file as it is


def suggestions_json(picture: Picture) -> Iterator[Json]:
    """The suggestions, each a switch."""
    for one in picture.suggestions:
        yield {
            "id": one.id,
            "label": safe(one.label),
            "reason": safe(one.reason),
            "risk": safe(one.risk),
            "question": safe(one.question) if _asks(one) else "",
            "notes": [safe(note) for note in one.notes],
            "confidence": one.confidence,
            "patterns": [safe(pattern) for pattern in one.patterns],
            "paths": [safe(path) for path in one.paths],
            "count": one.path_count,
            "sent": one.sent,
        }


def _asks(one: Suggestion) -> bool:
    return one.confidence is Confidence.ASK


def text_json(text: IgnoreText) -> Json:
    """The ignore file as it is, to be shown, and the pieces of what it may be."""
    lines = text.now.splitlines()
    shown = [safe(line) for line in lines[:_LINES]]
    if len(lines) > _LINES:
        shown.append(f"({len(lines) - _LINES:,} more lines)")
    return {
        "shown": safe(text.shown),
        "exists": text.exists,
        "now": text.now,
        "nowShown": shown,
        "before": text.before,
        "after": text.after,
        "newline": text.newline,
        "end": END.decode(),
        "exact": text.is_exact,
        "pieces": [
            {
                "by": piece.suggestion,
                "topic": piece.topic,
                "header": piece.header,
                "patterns": list(piece.patterns),
                "covered": [list(some) for some in piece.covered_by],
            }
            for piece in text.pieces
        ],
    }
