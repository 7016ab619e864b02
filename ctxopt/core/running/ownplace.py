"""Where a script is told to go, by words that ask where it lies.

`cd "$(dirname "$0")/.."` in `/app/scripts/build.sh` leads to `/app`, wherever that is
started. Source: Bash Reference Manual, BASH_SOURCE; POSIX, dirname, pwd and 2.5.2.
"""

from __future__ import annotations

import posixpath
import re

from ctxopt.core.running.whereabouts import placed

_MOST_TURNS = 8  # substitutions in substitutions
_OWN = r"\$(?:0(?!\w)|BASH_SOURCE\b|\{(?:0|BASH_SOURCE(?:\[0\])?)(?::[^}]*)?\})"
_BESIDE = r"\$\{(?:0|BASH_SOURCE(?:\[0\])?)%/\*\}"
_PATH = r"(?:--\s+)?[\"']?([^\s\"'$`()]+)[\"']?\s*"
_OPEN, _CLOSE = r"(?:\$\(|`)\s*", r"(?:\)|`)"
_QUIET = r"(?:(?:&|[12])?>>?\s*(?:/dev/null|&[12])\s*)*"
_SAME = re.compile(
    rf"{_OPEN}(?:readlink(?:\s+-\w+)+|realpath(?:\s+-\w+)*)\s+{_PATH}{_CLOSE}"
)
_ABOVE = re.compile(rf"{_OPEN}dirname\s+{_PATH}{_CLOSE}")
_GONE_TO = re.compile(
    rf"{_OPEN}(?:unset CDPATH;\s*|CDPATH=\S*\s+)?(?:builtin\s+)?cd\s+(?:-\w\s+)*{_PATH}"
    rf"{_QUIET}(?:&&|;)\s*pwd(?:\s+-\w+)*\s*{_CLOSE}"
)
_HERE = re.compile(rf"{_OPEN}pwd(?:\s+-\w+)*\s*{_CLOSE}|\$PWD\b|\$\{{PWD\}}")


def asks(word: str) -> bool:
    """Whether a word may ask where its script lies, or where the shell is."""
    return "$0" in word or "BASH_SOURCE" in word or "{0" in word or _asks_path(word)


def _asks_path(word: str) -> bool:
    return "$PWD" in word or "{PWD" in word or "`" in word or "$(" in word


def answered(word: str, script: str, folder: str) -> str:
    """A word with the answers, as far as they are known.

    `script` is the place of the script, "" where there is none; `folder` that of the
    shell.
    """
    if script:
        beside = posixpath.dirname(script)
        word = re.sub(_BESIDE, lambda _: beside, word)
        word = re.sub(rf'"{_OWN}"|{_OWN}', lambda _: script, word)
    for _ in range(_MOST_TURNS):
        before = word
        word = _HERE.sub(lambda _: folder, word)
        word = _SAME.sub(lambda found: placed(folder, found[1]), word)
        word = _ABOVE.sub(lambda found: posixpath.dirname(found[1]) or ".", word)
        word = _GONE_TO.sub(lambda found: placed(folder, found[1]), word)
        if word == before:
            break
    return word
