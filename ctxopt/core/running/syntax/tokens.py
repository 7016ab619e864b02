"""A text of the shell as its words and operators, and a word without its quotes.

Rule: POSIX.1-2017, Shell Command Language, 2.2 (quoting), 2.3 (tokens) and 2.7.4
(here-documents).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_PLAIN = r"[^\\'\"`$&|;()<>#\s]+"  # what is a part of a word wherever it stands
_OPERATOR = r"&&|\|\||;;|;&|\|&|[;|&\n()]"
# Texts that are kept in pieces: builds of one repository run the same scripts.
KNOWN_TEXTS = 1024
_HEREDOC = r"<<(-?)\s*(['\"]?)(\w+)\2"


def bare(word: str) -> str:
    """A word without its quotes and backslashes."""
    if not any(one in word for one in "'\"\\"):
        return word
    found: list[str] = []
    quote = ""
    at = 0
    while at < len(word):
        one = word[at]
        if one == "\\" and quote != "'" and at + 1 < len(word):
            at += 1
            found.append(word[at])
        elif one in "'\"" and quote in ("", one):
            quote = "" if quote else one
        else:
            found.append(one)
        at += 1
    return "".join(found)


def substituted(word: str) -> Iterator[str]:
    """The texts of `$(...)` and of backticks in a word that single quotes spare."""
    if "`" not in word and "$(" not in word:
        return
    at = 0
    quoted = False  # by double quotes, in which single ones mean nothing
    while at < len(word):
        one = word[at]
        if one == "\\":
            at += 1
        elif one == '"':
            quoted = not quoted
        elif one == "'" and not quoted:
            at = _end(word, at + 1, "'")
        elif one == "`":
            end = _end(word, at + 1, "`")
            yield word[at + 1 : end]
            at = end
        elif word.startswith("$(", at) and not word.startswith("$((", at):
            end = _closing(word, at + 2)
            yield word[at + 2 : end]
            at = end
        at += 1


def _end(text: str, at: int, quote: str) -> int:
    found = text.find(quote, at)
    return len(text) if found < 0 else found


def _closing(text: str, at: int) -> int:
    """Where the bracket that was opened before `at` is closed."""
    depth = 1
    while at < len(text):
        one = text[at]
        if one == "\\":
            at += 1
        elif one == "'":
            at = _end(text, at + 1, "'")
        elif one in "()":
            depth += 1 if one == "(" else -1
            if not depth:
                return at
        at += 1
    return at


@lru_cache(maxsize=KNOWN_TEXTS)
def tokens(text: str) -> tuple[tuple[str, bool], ...]:
    """The words of a text, and the operators between them (with True)."""
    return (*_split(text),)


def _split(text: str) -> Iterator[tuple[str, bool]]:
    text = _without_bodies(text.replace("\\\n", ""))
    plain, operators = re.compile(_PLAIN).match, re.compile(_OPERATOR).match
    word: list[str] = []
    at = 0
    while at < len(text):
        found = plain(text, at)
        if found is not None:
            word.append(found[0])
            at = found.end()
            continue
        one = text[at]
        end = _word_end(text, at)
        if end > at:
            word.append(text[at:end])
            at = end
            continue
        found = operators(text, at)
        operator = found[0] if found is not None else ""
        if word and (operator or one.isspace()):
            yield "".join(word), False
            word = []
        if operator:
            yield operator, True
            at += len(operator)
        elif one == "#" and not word:
            at = _end(text, at, "\n")
        elif one in "<>":
            at, read = _redirected(text, at)
            if word and "".join(word).isdigit():
                word = []
            if read:
                yield read, False
        else:
            if not one.isspace():
                word.append(one)
            at += 1
    if word:
        yield "".join(word), False


def _without_bodies(text: str) -> str:
    """A text without what its heredocs hold."""
    if "<<" not in text:
        return text
    kept: list[str] = []
    close = ""  # the line that ends the body we are in
    for line in text.split("\n"):
        if close:
            close = "" if line.strip("\t") == close else close
            continue
        kept.append(line)
        found = re.search(_HEREDOC, line)
        close = found[3] if found is not None else ""
    return "\n".join(kept)


def _word_end(text: str, at: int) -> int:
    """Where a part of a word ends that only quotes or brackets hold together."""
    one = text[at]
    if one == "\\":
        return min(at + 2, len(text))
    if one == "'":
        return _end(text, at + 1, "'") + 1
    if one == "`":
        return _end(text, at + 1, "`") + 1
    if text.startswith("$(", at):
        return _closing(text, at + 2) + 1
    if text.startswith("${", at):
        return _end(text, at, "}") + 1
    if one != '"':
        return at
    at += 1
    while at < len(text) and text[at] != '"':
        if text[at] in "\\`" or text.startswith("$(", at):
            at = _word_end(text, at)
        else:
            at += 1
    return at + 1


def _redirected(text: str, at: int) -> tuple[int, str]:
    """Where a redirection ends, and the file that it reads; "" for none."""
    heredoc = re.compile(_HEREDOC).match(text, at)
    if heredoc is not None:
        return heredoc.end(), ""
    found = re.compile(r"(<>|<|>>|>\||>)(&?)\s*([^\s;&|<>()]*)").match(text, at)
    if found is None:
        return at + 1, ""
    reads = found[1] in ("<", "<>") and not found[2]
    return found.end(), found[3] if reads else ""
