"""Lines made of styled spans, measured in terminal cells.

Why not rich's tables: a report that goes through a pipe needs no console at all,
and what must give way on a narrow terminal (bars and notes before names and sizes)
is a choice of this program. rich measures the characters and paints the spans.
"""

from __future__ import annotations

from ctxopt.core.tuples import NamedTuple
from ctxopt.view.terminal import formatting

Span = tuple[str, str]  # text, rich style
Line = tuple[Span, ...]

# Named styles only, and none that disappears on a dark or a light ground.
TITLE, STRONG, QUIET = "bold", "bold", "dim"


NARROWEST, WIDEST = 40, 120  # columns of a page of text


class Glyphs(NamedTuple):
    """The characters beyond letters that a page is drawn with."""

    arrow: str
    ellipsis: str
    full: str  # of a bar: the first tone
    eighths: str  # of a bar: what fills one to seven eighths of a cell
    rest: str  # of a bar: the second tone
    cut: str  # of a bar: it goes on beyond its column


UNICODE = Glyphs("→", "…", "█", "▏▎▍▌▋▊▉", "░", "»")
ASCII = Glyphs("->", "...", "#", "", "-", ">")


class Page(NamedTuple):
    """What is written on: how wide it is and which characters it takes."""

    width: int
    encoding: str = "utf-8"

    @property
    def glyphs(self) -> Glyphs:
        """Blocks and arrows where they can be written, else ASCII."""
        drawn = UNICODE.arrow + UNICODE.ellipsis + UNICODE.full + UNICODE.eighths
        try:
            (drawn + UNICODE.rest + UNICODE.cut).encode(self.encoding)
        except (UnicodeEncodeError, LookupError):
            return ASCII
        return UNICODE

    def bounded(self, widest: int = WIDEST) -> Page:
        """The same, no narrower than words need and no wider than eyes follow."""
        return self._replace(width=min(max(self.width, NARROWEST), widest))

    def safe(self, text: str) -> str:
        """`text` as this page can show it, on one line."""
        return formatting.printable(text, self.encoding)


# Each takes one cell: see the test. What else a text may hold is for rich to say.
_OWN = str.maketrans(dict.fromkeys("".join(UNICODE), "x"))


def cells(text: str) -> int:
    """How many columns of a terminal `text` takes."""
    if _is_even(text):
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _is_even(text: str) -> bool:
    """Whether each character takes one column, as in most texts."""
    plain = text if text.isascii() else text.translate(_OWN)
    return plain.isascii() and plain.isprintable()


def _resized(text: str, width: int) -> str:
    """`text` cut or filled up to `width` cells."""
    if _is_even(text):
        return text[:width].ljust(width)
    from rich.cells import set_cell_size

    return set_cell_size(text, width)


def _chopped(text: str, width: int) -> list[str]:
    """`text` in pieces of at most `width` cells."""
    if _is_even(text):
        return [text[at : at + width] for at in range(0, len(text), width)]
    from rich.cells import chop_cells

    return chop_cells(text, width)


def left(text: str, width: int) -> str:
    """`text` filled up with blanks on the right to `width` cells."""
    return text + " " * (width - cells(text))


def right(text: str, width: int) -> str:
    """`text` filled up with blanks on the left to `width` cells."""
    return " " * (width - cells(text)) + text


def shorten_end(text: str, width: int, page: Page) -> str:
    """`text` in at most `width` cells, cut at the end."""
    if cells(text) <= width:
        return text
    mark = page.glyphs.ellipsis
    return _resized(text, max(width - len(mark), 0)).rstrip() + mark


def shorten_middle(text: str, width: int, page: Page) -> str:
    """`text` in at most `width` cells, cut in the middle: a path keeps both ends."""
    if cells(text) <= width:
        return text
    mark = page.glyphs.ellipsis
    room = max(width - len(mark), 0)
    head = _resized(text, room // 2)
    tail = _resized(text[::-1], room - room // 2)[::-1]
    return f"{head.rstrip()}{mark}{tail.lstrip()}"


def wrap(text: str, width: int) -> list[str]:
    """`text` broken between words into lines of at most `width` cells."""
    if cells(text) <= width:  # most
        whole = text.lstrip(" ")
        return [whole] if whole else []
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if cells(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        *parts, line = _chopped(word, width) or [""]
        lines.extend(parts)
    return [*lines, line] if line else lines


def paragraph(text: str, page: Page, style: str = "", indent: int = 0) -> list[Line]:
    """`text` wrapped to the page, every line indented."""
    return [((" " * indent + part, style),) for part in wrap(text, page.width - indent)]


def hanging(head: str, text: str, page: Page, style: str = "") -> list[Line]:
    """`text` behind `head`, its further lines below its first."""
    indent = cells(head)
    first, *others = wrap(text, page.width - indent) or [""]
    lines: list[Line] = [((head, QUIET), (first, style))]
    return lines + [((" " * indent + part, style),) for part in others]


def bar(full: float, rest: float, width: int, page: Page) -> tuple[str, str]:
    """Two tones side by side; 1 is the whole `width`, and what exceeds it is cut.

    A bar that stands for anything at all is never empty.
    """
    glyphs = page.glyphs
    steps = len(glyphs.eighths) + 1
    eighths = min(round(full * width * steps), width * steps)
    if full > 0 and eighths == 0:
        eighths = 1
    whole, part = divmod(eighths, steps)
    first = glyphs.full * whole + (glyphs.eighths[part - 1] if part else "")
    length = max(round((full + rest) * width), 1 if rest > 0 else 0)
    second = glyphs.rest * (min(length, width) - len(first))
    if length > width and second:
        second = second[:-1] + glyphs.cut
    return first, second
