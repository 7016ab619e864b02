"""What typing has for those who check types, with no typing at a start.

typing is as much work as fifty modules of ours, and a Protocol more than other classes;
while a program runs, both say nothing. A type checker sees typing's own. What only
annotations name is imported from typing itself, below `if TYPE_CHECKING`.
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Generic, Protocol, TypeVar, cast
else:

    class Protocol:
        """The base of a class that says what others can do."""

        __slots__ = ()

    class Generic:
        """The base of a class that is made for several types."""

        __slots__ = ()

        def __class_getitem__(cls, _types: object) -> type:
            """Take types, as they are written, and leave it at that."""
            return cls

    def TypeVar(name: str, **_: object) -> str:  # noqa: N802 - as typing calls it
        """Stand for a type, in annotations alone."""
        return name

    def cast(_type: object, value: object) -> object:
        """Take a value for what it is."""
        return value


__all__ = ["TYPE_CHECKING", "Generic", "Protocol", "TypeVar", "cast"]
