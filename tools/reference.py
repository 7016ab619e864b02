"""The reference of commands: `docs/reference/commands.md`, made from what help says.

`python -m tools.reference` writes it. The other documents beside it are written by
hand, and tests hold their tables.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.commands import NAME, Page, pages

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "reference" / "commands.md"
COMMAND = "python -m tools.reference"


def main() -> int:
    """Write the document."""
    DOCUMENT.write_text(document(), "utf-8", newline="\n")
    return 0


def document() -> str:
    """All commands with their options."""
    return "".join(f"{line}\n" for line in _commands())


def _commands() -> Iterator[str]:
    yield from (f"<!-- Made by `{COMMAND}`. -->", "", "# Commands", "")
    whole, *others = pages()
    yield from _command(whole)
    for name, said in whole.commands:
        yield f"* [`{NAME} {name}`](#{NAME}-{name}): {_text(said)}"
    yield ""
    yield (
        "[What all have in common](common.md): which build is meant, colours, the exit"
        " status."
    )
    for page in others:
        yield ""
        yield f"## {page.name}"
        yield ""
        yield from _command(page)


def _command(page: Page) -> Iterator[str]:
    yield "```text"
    yield f"{page.name} {page.usage}"
    yield "```"
    for paragraph in page.paragraphs:
        yield from ("", _text(paragraph))
    yield ""
    yield from _table(
        ("option", "meaning"),
        ((_code(one.names), _text(one.help)) for one in page.options),
    )
    if page.examples:
        yield from ("", "```sh", *page.examples, "```")
    yield ""


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    heads = [*heads]
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _code(text: str) -> str:
    """A word as code; a pipe in a table is read in two ways, so its number stands."""
    if "|" not in text:
        return f"`{text}`"
    return f"<code>{html.escape(text, quote=False).replace('|', '&#124;')}</code>"


def _text(text: str) -> str:
    """Text of help, in which nothing is a mark: names of files have stars."""
    return re.sub(r"([\\*_<>|\[\]])", r"\\\1", text)


if __name__ == "__main__":
    sys.exit(main())
