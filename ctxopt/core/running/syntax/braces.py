"""A word with braces as the words that it stands for: `{a,b}/c` is `a/c b/c`.

Rule: Bash Reference Manual, 3.5.1 (brace expansion). A shell without it, such as dash,
takes the word as it is; here it is read as if all shells had it.
"""

from __future__ import annotations

import re

MOST_WORDS = 40  # of one
_CHOICE = re.compile(r"(?<![$\\])\{([^{}'\"$`\s]*,[^{}'\"$`\s]*)\}")
_RANGE = re.compile(r"(?<![$\\])\{(\d{1,4})\.\.(\d{1,4})\}")


def _found(pattern: re.Pattern[str], word: str) -> re.Match[str] | None:
    """The first braces that do not stand in quotes."""
    for found in pattern.finditer(word):
        before = word[: found.start()]
        if not (before.count("'") % 2 or before.count('"') % 2):
            return found
    return None


def without_braces(word: str) -> list[str]:
    """The words that one stands for; itself where it has no braces."""
    words = [word]
    while (found := _found(_CHOICE, words[0]) or _found(_RANGE, words[0])) is not None:
        if found.re is _CHOICE:
            parts = found[1].split(",")
        else:
            first, last = int(found[1]), int(found[2])
            step = 1 if last >= first else -1
            parts = [str(one) for one in range(first, last + step, step)][:MOST_WORDS]
        words = [one.replace(found[0], part, 1) for one in words for part in parts]
        if len(words) >= MOST_WORDS:
            return words[:MOST_WORDS]
    return words
