r"""The man pages: `docs/man/ctxopt.1`, and one for each command.

`python -m tools.man_pages` writes them from what the program says of itself, from the
keys of the configuration and from the table of exit status in
`docs/reference/common.md`; the wheel puts them into `share/man/man1`. They have no
date: the same program makes the same pages.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from ctxopt import __version__
from ctxopt.core.configuration.keys import KEYS
from tools.commands import NAME, Page, pages

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "man"
COMMAND = "python -m tools.man_pages"

# Beside those of the configuration, which stand in its rows.
VARIABLES = (
    ("NO_COLOR, FORCE_COLOR", "Colour never, or always; --color goes before both."),
    ("COLUMNS", "How wide the output is where it is no terminal."),
    ("CTXOPT_TRACEBACK", "Where it is set, a bug in ctxopt shows where it happened."),
    ("DOCKER_CONFIG", "Where docker keeps what it knows, instead of ~/.docker."),
)
FILES = (
    (
        "NAME.dockerignore, .dockerignore",
        "The ignore file of one Dockerfile, beside it; that of the context.",
    ),
    (
        ".ctxopt.toml, ctxopt.toml, pyproject.toml",
        (
            "The configuration: the nearest one, upwards from the context; in"
            " pyproject.toml the table [tool.ctxopt]."
        ),
    ),
)


def main() -> int:
    """Write the pages, and take away those of commands that are gone."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = man_pages()
    for path in FOLDER.glob("*.1"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, "utf-8", newline="\n")
    return 0


def man_pages() -> dict[str, str]:
    """The text of each page by the name of its file."""
    found = [*pages()]
    names = [one.name.replace(" ", "-") for one in found]
    return {
        f"{name}.1": "".join(f"{line}\n" for line in _page(one, name, names))
        for name, one in zip(names, found, strict=True)
    }


def _page(page: Page, name: str, names: Iterable[str]) -> Iterator[str]:
    yield rf".\" Made by `{COMMAND}`."
    yield f'.TH {_text(name.upper())} 1 "" "{NAME} {__version__}" "User Commands"'
    yield ".SH NAME"
    yield rf"{_text(name)} \- {_text(page.summary)}"
    yield ".SH SYNOPSIS"
    yield rf"\fB{_text(page.name)}\fR {_text(page.usage)}"
    yield ".SH DESCRIPTION"
    for at, paragraph in enumerate(page.paragraphs):
        yield from (".PP", _text(paragraph)) if at else (_text(paragraph),)
    if page.commands:
        yield ".SH COMMANDS"
        for one, said in page.commands:
            yield from _tagged(f"{NAME}-{one}(1)", f"{said}.")
    yield ".SH OPTIONS"
    for option in page.options:
        yield from _tagged(option.names, option.help)
    yield from _common(page)
    if page.examples:
        yield ".SH EXAMPLES"
        yield from (".nf", *map(_text, page.examples), ".fi")
    yield ".SH SEE ALSO"
    others = [rf"\fB{_text(one)}\fR(1)" for one in names if one != name]
    yield ", ".join(others)


def _common(page: Page) -> Iterator[str]:
    """What holds for all commands stands in the page of the program."""
    if not page.commands:
        return
    yield ".SH EXIT STATUS"
    for status, meaning in exit_status():
        yield from _tagged(status, meaning)
    yield ".SH ENVIRONMENT"
    for name, said in VARIABLES:
        yield from _tagged(name, said)
    yield ".PP"
    yield _text("Others stand with the keys of the configuration below.")
    yield ".SH FILES"
    for name, said in FILES:
        yield from _tagged(name, said)
    yield ".SH CONFIGURATION"
    yield "An option goes before a variable, and a variable before the file."
    for key in KEYS:
        default = f"; {key.default} when absent" if key.default else ""
        meaning = _unmarked(f"{key.meaning}{default}")
        tag = f"{key.name}, {key.variable}" if key.variable else key.name
        yield from _tagged(tag, f"{key.expected}: {meaning}.")


def exit_status() -> list[tuple[str, str]]:
    """Each exit status and its meaning, from the table of the document."""
    text = (ROOT / "docs" / "reference" / "common.md").read_text("utf-8")
    table = text.split("## Exit status")[1].split("\n\n")[1]
    rows = re.findall(r"^\| (\d+) \| (.*) \|$", table, re.MULTILINE)
    return [(status, f"{_unmarked(meaning)}.") for status, meaning in rows]


def _unmarked(text: str) -> str:
    """Text of Markdown without its marks."""
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text).replace("`", "")


def _tagged(tag: str, text: str) -> Iterator[str]:
    """A paragraph with a tag in bold."""
    yield ".TP"
    yield rf"\fB{_text(tag)}\fR"
    yield _text(text)


# What roff would print as a hyphen, curly quotes and accents: nobody could copy that.
_GLYPHS = str.maketrans(
    {
        "\\": r"\e",
        "-": r"\-",
        "'": r"\(aq",
        "`": r"\(ga",
        "^": r"\(ha",
        "~": r"\(ti",
    }
)


def _text(text: str) -> str:
    """Text that roff prints as it is."""
    escaped = text.translate(_GLYPHS)
    # A line that begins with a dot would be a request.
    return rf"\&{escaped}" if escaped.startswith(".") else escaped


if __name__ == "__main__":
    sys.exit(main())
