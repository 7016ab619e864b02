"""The documents of a compose file, as nodes that know their lines.

PyYAML gives the events: its scanner is libyaml, of which go-yaml, which compose reads
with, is a port. What the events mean is go-yaml's and said here: anchors may be given
twice, keys may not, and `<<` takes one mapping or a list of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from ctxopt.core.compose.nodes import (
    Fields,
    Items,
    MergeTag,
    Node,
    Scalar,
    YamlPlace,
    string_of,
)
from ctxopt.core.compose.scalars import (
    WrongTagError,
    go_text,
    plain_value,
    tagged_value,
)
from ctxopt.errors import ComposeFileError

if TYPE_CHECKING:
    import yaml

_DEPTH = 100  # more than anyone writes, and less than Python's stack holds
_NODES = 1_000_000  # aliases written out: a few lines can name more than memory holds
_MERGE = "<<"
_TAGS = {tag.value: tag for tag in MergeTag if tag.value}


def load_documents(content: bytes, file: str) -> list[Node]:
    """The documents of a YAML or JSON file; raises ComposeFileError with the line."""
    text = _decoded(content, file)
    events = _events(text, file)
    return list(_Composer(file, events).documents())


def _decoded(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ComposeFileError(
            "this is no UTF-8",
            hint="save the file as UTF-8",
            file=file,
            line=line,
        ) from None


def _events(text: str, file: str) -> Iterator[yaml.Event]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from yaml.parse(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise _refusal(text, file, line, error.problem or "no YAML") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _refusal(text, file, line, "a character that YAML forbids") from None


def _refusal(text: str, file: str, line: int, problem: str) -> ComposeFileError:
    lines = text.split("\n")
    quoted = lines[line - 1] if line <= len(lines) else ""
    indent = quoted[: len(quoted) - len(quoted.lstrip())]
    if "\t" in indent:
        return ComposeFileError(
            "a tab indents this line",
            hint="YAML is indented with spaces",
            file=file,
            line=line,
            text=quoted.strip(),
        )
    return ComposeFileError(problem, file=file, line=line, text=quoted.strip())


class _Composer:
    """Events to nodes; an anchor that is not whole yet stands as None."""

    def __init__(self, file: str, events: Iterator[yaml.Event]) -> None:
        self._file = file
        self._events = events
        self._anchors: dict[str, Node | None] = {}
        self._sizes: dict[str, int] = {}
        self._count = 0
        self._depth = 0

    def documents(self) -> Iterator[Node]:
        """The root node of each document."""
        for event in self._events:
            if type(event).__name__ == "DocumentStartEvent":
                self._anchors = {}
                yield self._node(next(self._events))

    def _node(self, event: yaml.Event) -> Node:
        kind = type(event).__name__
        if kind == "AliasEvent":
            return self._aliased(event)
        anchor, before = getattr(event, "anchor", None), self._count
        if anchor is not None:
            self._anchors[anchor] = None
        self._add(1, event)
        node = self._scalar(event) if kind == "ScalarEvent" else self._nested(event)
        if anchor is not None:
            self._anchors[anchor] = node
            self._sizes[anchor] = self._count - before
        return node

    def _add(self, nodes: int, event: yaml.Event) -> None:
        self._count += nodes
        if self._count > _NODES:
            self._refuse(f"aliases make more than {_NODES} values of this", event)

    def _aliased(self, event: yaml.Event) -> Node:
        name = str(getattr(event, "anchor", ""))
        if name not in self._anchors:
            self._refuse(f"*{name} names no anchor above", event, f"*{name}")
        node = self._anchors[name]
        if node is None:
            self._refuse(f"*{name} stands in what it names", event, f"*{name}")
        self._add(self._sizes[name], event)
        return node

    def _nested(self, event: yaml.Event) -> Node:
        self._depth += 1
        if self._depth > _DEPTH:
            self._refuse(f"nested more than {_DEPTH} times", event)
        is_list = type(event).__name__ == "SequenceStartEvent"
        node = self._items(event) if is_list else self._fields(event)
        self._depth -= 1
        return node

    def _scalar(self, event: yaml.Event) -> Scalar:
        word, tag = str(getattr(event, "value", "")), getattr(event, "tag", None)
        is_plain = getattr(event, "implicit", (False,))[0]
        merge_tag = _TAGS.get(str(tag), MergeTag.NONE)
        try:
            if merge_tag is not MergeTag.NONE:
                value = plain_value(word)
            elif tag not in {None, "!"}:
                value = tagged_value(str(tag), word)
            else:
                value = plain_value(word) if is_plain else word
        except WrongTagError as error:
            self._refuse(str(error), event, word)
        text = word if isinstance(value, str) else go_text(value)
        return Scalar(self._place(event), value, text, merge_tag)

    def _items(self, event: yaml.Event) -> Items:
        entries: list[Node] = []
        for inner in self._events:
            if type(inner).__name__ == "SequenceEndEvent":
                break
            entries.append(self._node(inner))
        return Items(self._place(event), tuple(entries), _tag_of(event))

    def _fields(self, event: yaml.Event) -> Fields:
        own: dict[str, Node] = {}
        merged: list[Fields] = []
        lines: dict[str, int] = {}
        for key_event in self._events:
            if type(key_event).__name__ == "MappingEndEvent":
                break
            key = self._key(key_event, lines)
            value = self._node(next(self._events))
            if key == _MERGE and getattr(key_event, "implicit", (False,))[0]:
                merged = self._merged(value, key_event)
            else:
                own[key] = replace(value, place=self._place(key_event))
        for mapping in merged:
            own = {**own, **{k: v for k, v in mapping.entries.items() if k not in own}}
        return Fields(self._place(event), own, _tag_of(event))

    def _key(self, event: yaml.Event, lines: dict[str, int]) -> str:
        """The key, which is a string and new to its mapping."""
        node = self._node(event)
        key = string_of(node)
        if key is None:
            text = node.text if isinstance(node, Scalar) else ""
            self._refuse("a key has to be text", event, text, "write it in quotes")
        line = self._place(event).line
        if key in lines:
            self._refuse(f'key "{key}" is in line {lines[key]} already', event, key)
        lines[key] = line
        return key

    def _merged(self, value: Node, event: yaml.Event) -> list[Fields]:
        nodes = value.entries if isinstance(value, Items) else (value,)
        mappings = [node for node in nodes if isinstance(node, Fields)]
        if len(mappings) < len(nodes):
            self._refuse("<< takes a mapping, or a list of mappings", event, _MERGE)
        return mappings

    def _place(self, event: yaml.Event) -> YamlPlace:
        mark = event.start_mark
        return YamlPlace(self._file, mark.line + 1 if mark else 1)

    def _refuse(
        self, message: str, event: yaml.Event, text: str = "", hint: str | None = None
    ) -> NoReturn:
        place = self._place(event)
        raise ComposeFileError(
            message, hint=hint, file=place.file, line=place.line, text=text
        )


def _tag_of(event: yaml.Event) -> MergeTag:
    return _TAGS.get(str(getattr(event, "tag", None)), MergeTag.NONE)
