"""The table of keys in `docs/reference/configuration.md` is the schema.

`UPDATE_README=1 pytest tests/core/configuration` writes it anew.
"""

from __future__ import annotations

import os
from pathlib import Path

from ctxopt.core.configuration.keys import KEYS, Key

DOCUMENT = Path(__file__).resolve().parents[3] / "docs/reference/configuration.md"
HEAD = "<!-- table: configuration -->\n"


def row(key: Key) -> str:
    choices = [f'`"{one}"`' for one in key.choices]
    holds = " or ".join(filter(None, (", ".join(choices[:-1]), *choices[-1:])))
    holds = holds or key.kind.value
    default = f"; {key.default} when absent" if key.default else ""
    variable = f"`{key.variable}`" if key.variable else ""
    return f"| `{key.name}` | {holds} | {key.meaning}{default} | {variable} |"


def table() -> str:
    head = "| key | holds | what it is | variable |\n|---|---|---|---|\n"
    return head + "".join(f"{row(key)}\n" for key in KEYS)


def test_the_table_of_the_document_is_the_schema() -> None:
    text = DOCUMENT.read_text("utf-8")
    before, _, rest = text.partition(HEAD)
    found, end, after = rest.partition("\n\n")
    assert end
    if os.environ.get("UPDATE_README") == "1":
        whole = f"{before}{HEAD}{table().rstrip()}{end}{after}"
        DOCUMENT.write_text(whole, "utf-8", newline="\n")
    else:
        assert found + "\n" == table(), (
            "UPDATE_README=1 pytest tests/core/configuration"
        )


def test_no_two_keys_are_called_the_same() -> None:
    assert len({key.name for key in KEYS}) == len(KEYS)
    assert len({key.field for key in KEYS}) == len(KEYS)
