"""CTX0xx: comments for ctxopt that do not do what they seem to."""

from __future__ import annotations

from ctxopt.core.checking.records import CheckRule
from ctxopt.core.findings.codes import Finding
from ctxopt.core.model import Severity

SILENCE_IDLE = Finding(
    "silence-idle",
    (Severity.NOTE,),
    "a comment silences a rule that finds nothing there",
    "take the comment out",
)
SILENCE_UNKNOWN = Finding(
    "silence-unknown",
    (Severity.WARNING,),
    "a comment silences a rule that there is not",
    "correct the number; ctxopt check --list has all of them",
)

RULES = (
    CheckRule(
        "CTX001",
        SILENCE_IDLE,
        why="What was silenced is mended, or has moved: the comment would hide the next"
        " of its kind.",
        example="# ctxopt: ignore=CTX102\nCOPY src/ /app/     (src/ is there)",
        better="COPY src/ /app/",
    ),
    CheckRule(
        "CTX002",
        SILENCE_UNKNOWN,
        why="No rule has this number or word, so the comment silences nothing.",
        example="# ctxopt: ignore=CTX999\nCOPY src/ /app/",
        better="# ctxopt: ignore=CTX102\nCOPY src/ /app/",
    ),
)
