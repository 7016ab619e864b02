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

    new = tuple.__new__
    # What makes a tuple of no field, of one, of two ...: as many as a scan comes across.
    # To compile them from text took a thirtieth of a scan of ten files.
    # fmt: off
    _CONSTRUCTORS: tuple[FunctionType, ...] = (
        lambda _: new(_, ()),
        lambda _, a: new(_, (a,)),
        lambda _, a, b: new(_, (a, b)),
        lambda _, a, b, c: new(_, (a, b, c)),
        lambda _, a, b, c, d: new(_, (a, b, c, d)),
        lambda _, a, b, c, d, e: new(_, (a, b, c, d, e)),
        lambda _, a, b, c, d, e, f: new(_, (a, b, c, d, e, f)),
        lambda _, a, b, c, d, e, f, g: new(_, (a, b, c, d, e, f, g)),
        lambda _, a, b, c, d, e, f, g, h: new(_, (a, b, c, d, e, f, g, h)),
        lambda _, a, b, c, d, e, f, g, h, i: new(_, (a, b, c, d, e, f, g, h, i)),
        lambda _, a, b, c, d, e, f, g, h, i, j: new(_, (a, b, c, d, e, f, g, h, i, j)),
        lambda _, a, b, c, d, e, f, g, h, i, j, k: new(_, (a, b, c, d, e, f, g, h, i, j, k)),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m: new(_, (a, b, c, d, e, f, g, h, i, j, k, m)),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n: new(_, (a, b, c, d, e, f, g, h, i, j, k, m, n)),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n, o: new(_, (a, b, c, d, e, f, g, h, i, j, k, m, n, o)),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p: new(_, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p)),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q: new(_, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q)),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r: new(_, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r)),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s: new(_, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s)),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t: new(_, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t)),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u: new(_, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u)),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v: new(_, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v)),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w: new(_, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w)),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w, x: new(_, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w, x)),
    )
    # fmt: on

    @cache
    def _constructor(fields: int) -> FunctionType:
        """What makes a tuple of so many fields, whatever they are called."""
        if fields < len(_CONSTRUCTORS):
            return _CONSTRUCTORS[fields]
        names = "".join(f"_{at}, " for at in range(1, fields + 1))
        return eval(  # noqa: S307 - our own words
            f"lambda _, {names}: new(_, ({names}))", {"new": new}
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
            made = new(self.__class__, map(changes.pop, self._fields, self))
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
