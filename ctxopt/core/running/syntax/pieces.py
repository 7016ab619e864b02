"""A text of the shell as pieces: the words between two operators, choices told apart.

Rule: POSIX.1-2017, Shell Command Language, 2.9.4 (compound commands).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ctxopt.core.running.syntax.tokens import KNOWN_TEXTS, tokens
from ctxopt.core.tuples import NamedTuple

# Piece.kind: what belongs to a `case`, and runs nothing but what is inside of words.
CHOICE, PATTERN, ESAC = "choice", "pattern", "esac"
# Words that stand in front of a command: what the shell is to do with it.
RESERVED = frozenset(
    (
        *("if", "then", "else", "elif", "fi", "do", "done", "while", "until"),
        *("!", "{", "}", "time"),
    )
)


class Piece(NamedTuple):
    """Words without an operator in between, and the operator behind them."""

    words: tuple[str, ...]
    operator: str = ""
    kind: str = ""


@lru_cache(maxsize=KNOWN_TEXTS)
def pieces(text: str) -> tuple[Piece, ...]:
    """All pieces of a text, in its order."""
    return (*_pieces(text),)


def _pieces(text: str) -> Iterator[Piece]:
    words: list[str] = []
    cases = 0  # those that are open
    is_pattern = False  # of a `case`, up to its bracket
    for part, is_operator in tokens(text):
        if not is_operator:
            words.append(part)
            if not is_pattern and _opens_choice(words):
                yield Piece(tuple(words), kind=CHOICE)
                cases, is_pattern, words = cases + 1, True, []
            elif words == ["esac"] and cases:
                yield Piece(("esac",), kind=ESAC)
                cases, is_pattern, words = cases - 1, False, []
            continue
        if is_pattern:
            if part in "|)" and words:
                yield Piece(tuple(words), kind=PATTERN)
            is_pattern, words = part != ")", []
            continue
        yield Piece(tuple(words), part)
        words = []
        if part in (";;", ";&"):
            is_pattern = bool(cases)
    if words:
        yield Piece(tuple(words), kind=PATTERN if is_pattern else "")


def _opens_choice(words: list[str]) -> bool:
    """Whether words are `case WORD in`, with nothing but `then` and the like before."""
    if words[-1] != "in":
        return False
    start = next((at for at, one in enumerate(words) if one not in RESERVED), 0)
    return words[start:-2] == ["case"]
