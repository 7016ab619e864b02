"""The reference of the site: `docs/reference/*.md`, made from the program itself.

`python -m tools.reference` writes them: commands and options from what help says, keys
of the configuration and codes of problems from their tables, the fields of the JSON
from README, whose tables a test holds against what is printed.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from ctxopt.core.configuration.keys import KEYS
from ctxopt.core.findings.codes import FINDINGS
from tools.commands import NAME, Page, pages

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
FOLDER = ROOT / "docs" / "reference"
COMMAND = "python -m tools.reference"

# Where the site has what README links to; the rest is files of the repository.
_LINKS = {
    "#problem-codes": "problems.md",
    "#configuration": "configuration.md",
    "docs/builders.md": "../builders.md",
    "docs/checks.md": "../checks.md",
    "docs/ci.md": "../ci.md",
    "docs/timing.md": "../timing.md",
}


def main() -> int:
    """Write the documents."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in documents().items():
        (FOLDER / name).write_text(text, "utf-8", newline="\n")
    return 0


def documents() -> dict[str, str]:
    """The text of each document by the name of its file."""
    made = {
        "commands.md": _commands(),
        "configuration.md": _configuration(),
        "problems.md": _problems(),
        "json.md": _json(),
    }
    return {
        name: "".join(f"{line}\n" for line in lines) for name, lines in made.items()
    }


def _head(title: str) -> Iterator[str]:
    yield f"<!-- Made by `{COMMAND}`. -->"
    yield ""
    yield f"# {title}"
    yield ""


# --- commands --------------------------------------------------------------------


def _commands() -> Iterator[str]:
    yield from _head("Commands")
    whole, *others = pages()
    yield from _command(whole)
    for name, said in whole.commands:
        yield f"* [`{NAME} {name}`](#{NAME}-{name}): {_text(said)}"
    yield ""
    yield "## Exit status"
    yield ""
    yield from _section(README.read_text("utf-8"), "## Exit status")
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


# --- tables ----------------------------------------------------------------------


def _configuration() -> Iterator[str]:
    yield from _head("Configuration")
    text = README.read_text("utf-8")
    above, _, below = "\n".join(_section(text, "## Configuration")).partition("<!-- ")
    yield above.rstrip()
    yield ""
    rows = []
    for key in KEYS:
        default = f"; {key.default} when absent" if key.default else ""
        variable = _code(key.variable) if key.variable else ""
        meaning = _linked(f"{key.meaning}{default}")
        rows.append((_code(key.name), _text(key.expected), meaning, variable))
    yield from _table(("key", "holds", "what it is", "variable"), rows)
    yield from ("", below.partition("\n\n")[2])


def _problems() -> Iterator[str]:
    yield from _head("Problem codes")
    text = README.read_text("utf-8")
    above = "\n".join(_section(text, "## Problem codes")).partition("<!-- ")[0]
    yield above.rstrip()
    yield ""
    rows = (
        (
            f'<a id="{one.anchor}"></a>`{one.code}`',
            ", ".join(one.severities),
            one.title,
            one.cure,
        )
        for one in FINDINGS
    )
    yield from _table(("code", "severity", "what it means", "what to do"), rows)


def _json() -> Iterator[str]:
    yield from _head("JSON")
    for line in _section(README.read_text("utf-8"), "## JSON"):
        if not line.startswith("<!-- "):
            yield line


# --- text ------------------------------------------------------------------------


def _section(text: str, title: str) -> list[str]:
    """The lines of a section of README, its links led to where the site has them."""
    section = rf"^{title}\n\n(.*?)\n*(?=^## |\Z)"
    found = re.search(section, text, re.MULTILINE | re.DOTALL)
    assert found, title
    return _linked(found[1]).split("\n")


def _linked(text: str) -> str:
    """Text of README for the site; what that does not have is no link."""

    def led(found: re.Match[str]) -> str:
        target = _LINKS.get(found[2])
        return f"[{found[1]}]({target})" if target else found[1]

    return re.sub(r"\[([^]\[]+)\]\(([^)]+)\)", led, text)


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
