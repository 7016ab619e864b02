r"""What makes the builder read other words than were meant.

In `COPY my file.txt /x/` there are two sources, `COPY a /x/ # note` has no comment, and
`src\a` is `srca`.
Source: moby/buildkit, frontend/dockerfile/parser/line_parsers.go and shell/lex.go.
"""

from __future__ import annotations

from ctxopt.core.model import Source
from ctxopt.core.sources.tree import Tree


def misread(source: Source, tree: Tree) -> str:
    """What to write for a source that is not there; "" where its words are right."""
    words = _words(source)
    if source.mount or not words or words[0].startswith("["):
        return ""
    if any(one.startswith("#") for one in words):
        return "a comment needs a line of its own: behind an instruction there is none"
    meant = meant_path(source, tree)
    if not meant:
        return ""
    if " " not in meant:
        return f'write "{meant}": a backslash does not part folders here'
    return f'a name with blanks needs quotes: {source.instruction} ["{meant}", "DEST"]'


def meant_path(source: Source, tree: Tree) -> str:
    """The path that is there if the words are read as they look; "" for none."""
    slashed = source.text.replace("\\", "/")
    if slashed != source.text and _is_there(tree, slashed):
        return slashed
    return _with_blanks(_words(source), source.text, tree)


def _words(source: Source) -> list[str]:
    """The words behind the instruction and its flags, as written on its first line."""
    words = source.line_text.split()[1:]
    while words and words[0].startswith("--"):
        del words[0]
    return words


def _with_blanks(words: list[str], text: str, tree: Tree) -> str:
    """The name on the disk of which a word is a part; "" for none."""
    if text not in words:
        return ""
    at = words.index(text)
    spans = (
        words[start:end]
        for start in range(at + 1)
        for end in range(at + 1, len(words) + 1)
        if end - start > 1
    )
    names = (" ".join(one.rstrip("\\") for one in span) for span in spans)
    return next((one for one in names if _is_there(tree, one)), "")


def _is_there(tree: Tree, path: str) -> bool:
    return tree.kind(path.removeprefix("./").strip("/")) is not None
