"""`NamedTuple` as typing has it, made in a tenth of the time.

typing compiles the annotation of each field, for those who ask for types while the
program runs: a scan makes a thousand fields, and nobody asks. And it goes through
`collections.namedtuple`, which writes the code of each constructor as text and compiles
that: here all classes of as many fields share the code, each under its own names, and
all classes share their other methods. What a type checker sees is typing's own; the
annotations stay the text that they are in the source.
"""

from __future__ import annotations

from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, NamedTuple
else:
    from collections import _tuplegetter
    from functools import cache
    from types import FunctionType

    @cache
    def _constructor(fields: int) -> FunctionType:
        """What makes a tuple of so many fields, called `_1`, `_2` and so on."""
        names = "".join(f"_{at}, " for at in range(1, fields + 1))
        return eval(  # noqa: S307 - our own words
            f"lambda _cls, {names}: _new(_cls, ({names}))", {"_new": tuple.__new__}
        )

    def _constructor_of(name: str, fields: tuple[str, ...]) -> FunctionType:
        """The same for one class: with its own names, which errors say, too."""
        shared = _constructor(len(fields))
        code = shared.__code__.replace(
            co_varnames=("_cls", *fields),
            co_name="__new__",
            co_qualname=f"{name}.__new__",
        )
        return FunctionType(code, shared.__globals__)

    @cache
    def _getter(at: int) -> object:
        """What reads a field by its place."""
        return _tuplegetter(at, f"Alias for field number {at}")

    class _Methods(tuple):
        """What all of them can do; each takes these over, and has no base but tuple."""

        __slots__ = ()

        @classmethod
        def _make(cls, values: Iterable[object]) -> tuple[object, ...]:
            """Make one of a row of values."""
            made = tuple.__new__(cls, values)
            expected = len(cls._fields)
            if len(made) != expected:
                raise TypeError(f"Expected {expected} arguments, got {len(made)}")
            return made

        def _replace(self, /, **changes: object) -> tuple[object, ...]:
            """The same with other values of some fields."""
            made = self._make(map(changes.pop, self._fields, self))
            if changes:
                raise ValueError(f"Got unexpected field names: {[*changes]!r}")
            return made

        __replace__ = _replace  # what `copy.replace` calls

        def _asdict(self) -> dict[str, object]:
            """The value of each field by its name."""
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            """What one would write to have it."""
            pairs = zip(self._fields, self, strict=True)
            said = ", ".join(f"{name}={value!r}" for name, value in pairs)
            return f"{self.__class__.__name__}({said})"

        def __getnewargs__(self) -> tuple[object, ...]:
            """What pickle and copy make it of."""
            return tuple(self)

    _SHARED = {
        name: value
        for name, value in vars(_Methods).items()
        if name not in ("__module__", "__doc__")
    }

    class _Described(type):
        """Makes of the body of a class the named tuple that it describes."""

        def __new__(
            mcs, name: str, bases: tuple[type, ...], body: dict[str, Any]
        ) -> type:
            """The tuple, with the methods and properties of the body.

            Raises TypeError for a field without a default behind one that has one.
            """
            if not bases:
                return super().__new__(mcs, name, bases, body)
            fields = (*body.get("__annotations__", ()),)
            defaults = {field: body.pop(field) for field in fields if field in body}
            if (*defaults,) != fields[len(fields) - len(defaults) :]:
                raise TypeError(f"{name}: fields with a default have to be the last")
            constructor = _constructor_of(name, fields)
            constructor.__defaults__ = (*defaults.values(),)
            getters = {field: _getter(at) for at, field in enumerate(fields)}
            made = {
                "_fields": fields,
                "_field_defaults": defaults,
                "__match_args__": fields,
                "__new__": constructor,
                **_SHARED,
                **getters,
                **body,
            }
            return type(name, (tuple,), made)

    class NamedTuple(metaclass=_Described):
        """The base of a class whose body has the fields."""


__all__ = ["NamedTuple"]
