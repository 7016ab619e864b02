"""`NamedTuple` as typing has it, made in less than half the time.

typing compiles the annotation of each field, for those who ask for types while the
program runs: a scan makes a thousand fields, and nobody asks. What a type checker sees
is typing's own; the annotations stay the text that they are in the source.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    _SET = frozenset({"__module__", "__annotations__"})

    class _Described(type):
        """Makes of the body of a class the named tuple that it describes."""

        def __new__(
            mcs, name: str, bases: tuple[type, ...], body: dict[str, Any]
        ) -> type:
            """The tuple, with the methods and properties of the body."""
            if not bases:
                return super().__new__(mcs, name, bases, body)
            annotations = body.get("__annotations__", {})
            defaults = [body[field] for field in annotations if field in body]
            made = namedtuple(  # noqa: PYI024 - what typing makes its own of, too
                name, annotations, defaults=defaults, module=body["__module__"]
            )
            made.__annotations__ = annotations  # what `get_type_hints` reads
            for key, value in body.items():
                if key not in annotations and key not in _SET:
                    setattr(made, key, value)
            return made

    class NamedTuple(metaclass=_Described):
        """The base of a class whose body has the fields."""


__all__ = ["NamedTuple"]
