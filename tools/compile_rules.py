"""The rule book that a TOML text says, what is wrong with it, and its compiled copy.

`python -m tools.compile_rules` reads `ctxopt/core/suggest/rules.toml` and writes
`rules_table.py` beside it, which is what a scan reads. A table with faults is told,
and not compiled.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from tomllib import loads

from ctxopt.core.model import Confidence
from ctxopt.core.patterns.multimatch import plans_of
from ctxopt.core.patterns.plans import PatternSet
from ctxopt.core.suggest import rules
from ctxopt.core.suggest.catalogue import KNOWN, watched
from ctxopt.core.suggest.rules import RuleBook
from ctxopt.core.suggest.tables import RuleError, read_keep_rules, read_rules
from ctxopt.core.suggest.tables import faults as rule_faults

FOLDER = Path(rules.__file__).parent
TABLE = FOLDER / "rules.toml"
COMPILED = FOLDER / "rules_table.py"
COMMAND = "python -m tools.compile_rules"


def main() -> int:
    """Compile the rules; 1 when something is wrong with them."""
    try:
        book = parse(TABLE.read_text("utf-8"))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    found = faults(book)
    for fault in found:
        print(f"{TABLE.name}: {fault}", file=sys.stderr)
    if not found:
        COMPILED.write_text(compiled(book), "utf-8")
    return 1 if found else 0


def compiled(book: RuleBook) -> str:
    """The module that holds a book as tuples of constants."""
    lines = [
        f'"""What `{TABLE.name}` says; made by `{COMMAND}`."""',
        "# fmt: off",
        "# ruff: noqa: E501, Q000",
        "",
        "from __future__ import annotations",
        "",
        "from ctxopt.core.typed import TYPE_CHECKING",
        "",
        "if TYPE_CHECKING:",
        "    from typing import Any",
        *_constant("RULES", book.rules),
        *_constant("NEVERS", book.nevers),
        *_tests(book),
    ]
    return "\n".join(lines) + "\n"


def _constant(name: str, records: Iterable[tuple[object, ...]]) -> list[str]:
    rows = [
        tuple(str(one) if isinstance(one, Confidence) else one for one in record)
        for record in records
    ]
    return [
        "",
        f"{name}: tuple[tuple[Any, ...], ...] = (",
        *(f"    {row!r}," for row in rows),
        ")",
    ]


def _tests(book: RuleBook) -> list[str]:
    """The tests of all patterns, a line each; the one that calls has its positions."""
    tests = PatternSet(plans_of(watched(book), KNOWN)).ready()
    ((_, _, plain),) = tests.calls
    return [
        "",
        "TESTS: tuple[Any, ...] = (",
        *(line for field in tests[:-1] for line in _field(field)),
        ")",
        "",
        f"PLAIN_NAMES = {plain!r}",
    ]


def _field(field: int | tuple[object, ...]) -> list[str]:
    if isinstance(field, int):
        return [f"    {field:#x},"]
    return ["    (", *(f"        {row!r}," for row in field), "    ),"]


def parse(text: str) -> RuleBook:
    """The rule book that a TOML text says.

    Raises ValueError with the id of the rule that is wrong; what only a look at the
    patterns and expressions can tell is left to `faults`, which takes longer.
    """
    tables = loads(text)
    unknown = tables.keys() - {"schema", "rule", "never"}
    if unknown or tables.get("schema") != 1:
        raise ValueError(
            f"{TABLE.name}: not of schema 1, or strange: {sorted(unknown)}"
        )
    try:
        return RuleBook(
            read_rules(tables.get("rule", ())), read_keep_rules(tables.get("never", ()))
        )
    except RuleError as error:
        raise ValueError(f"{TABLE.name}: {error}") from None


def faults(book: RuleBook) -> list[str]:
    """What is wrong with patterns and expressions, each with the id of the rule."""
    return [*map(str, rule_faults((*book.rules, *book.nevers)))]


def _patterns(book: RuleBook) -> list[str]:
    texts = [text for one in book.rules for text in one.patterns]
    return [*texts, *(text for one in book.nevers for text in one.patterns)]


if __name__ == "__main__":
    sys.exit(main())
