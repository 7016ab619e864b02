"""The text of the ignore file in the pieces that any choice is made of.

A first block is what it is for each choice: titles, comments and lines in the order of
topics, without what lies in a folder that another line takes, each line once. So a page
can put it together letter by letter as `ctxopt write` does. How a block grows that is
there already depends on more than that.
"""

from __future__ import annotations

from binascii import crc32
from collections.abc import Collection, Iterable, Sequence

from ctxopt.core.ignorefile import block, covered
from ctxopt.core.ignorefile.lines import IgnoreFile
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.picture.records import IgnoreText, Piece
from ctxopt.core.suggest.comments import entries_of
from ctxopt.core.suggest.proposals import Proposal
from ctxopt.core.suggest.topics import rank, topic_of

ALWAYS = -1  # comes with any other


def pieces_of(proposals: Sequence[Proposal], own: Proposal | None) -> tuple[Piece, ...]:
    """What each proposal puts into a block, in the order of a block."""
    numbered = [*enumerate(proposals)]
    if own is not None:
        numbered.append((ALWAYS, own))
    numbered.sort(key=lambda one: rank(one[1].topic or topic_of(one[1].rule)))
    takers = [
        (number, Matcher(compile_patterns(one.lines)).matches_or_parent_matches)
        for number, one in numbered
    ]
    made = []
    for number, one in numbered:
        (entry,) = entries_of([one])
        made.append(
            Piece(
                suggestion=number,
                topic=f"# --- {entry.topic}",
                header=f"# {entry.rule}: {entry.words}",
                patterns=entry.patterns,
                covered_by=tuple(
                    tuple(
                        other
                        for other, takes in takers
                        if any(map(takes, covered.folders_of(pattern)))
                    )
                    for pattern in entry.patterns
                ),
            )
        )
    return tuple(made)


def text_of(
    file: IgnoreFile, full: IgnoreFile, pieces: tuple[Piece, ...], *, exists: bool
) -> IgnoreText:
    """The text, `full` being the file with all lines; `is_exact` is to be tried."""
    before, after = _around(full)
    return IgnoreText(
        shown=file.shown,
        exists=exists,
        now=_decoded([file.to_bytes()]),
        before=before,
        after=after,
        newline=file.newline.decode(),
        pieces=pieces,
        is_exact=block.block_span(file) is None,
    )


def _around(full: IgnoreFile) -> tuple[str, str]:
    """What stands before the lines of a block and behind its seal."""
    span = block.block_span(full)
    if span is None:
        return "", ""
    first, last = span
    content = full.to_bytes()
    lines = [line.content + line.ending for line in full.lines]
    behind = full.lines[last].ending + b"".join(lines[last + 1 :])
    inner = b"".join(lines[first + 1 : last])
    end = len(content) - len(behind) - len(full.lines[last].content)
    return _decoded([content[: end - len(inner)]]), _decoded([behind])


def _decoded(parts: Iterable[bytes]) -> str:
    return b"".join(parts).decode("utf-8", "surrogateescape")


def assembled(text: IgnoreText, chosen: Collection[int]) -> str:
    """The ignore file with the lines of a choice: what a page puts together."""
    if not chosen:
        return text.now
    inner: list[str] = []
    topic = ""
    known: set[str] = set()
    for piece in text.pieces:
        lines = _lines(piece, chosen, known)
        if not lines:
            continue
        inner += [piece.topic] * (piece.topic != topic) + [piece.header, *lines]
        topic = piece.topic
    sealed = "\n".join(line.rstrip(" \t\r") for line in inner)
    seal = crc32(sealed.encode("utf-8", "surrogateescape"))
    lines = [*inner, f"{block.END.decode()}  {seal:08x}"]
    return text.before + text.newline.join(lines) + text.after


def _lines(piece: Piece, chosen: Collection[int], known: set[str]) -> list[str]:
    """The lines of a piece that are new, and say something beside the others."""
    if piece.suggestion != ALWAYS and piece.suggestion not in chosen:
        return []
    lines = []
    for pattern, covering in zip(piece.patterns, piece.covered_by, strict=True):
        is_covered = any(one == ALWAYS or one in chosen for one in covering)
        if not is_covered and pattern not in known:
            known.add(pattern)
            lines.append(pattern)
    return lines
