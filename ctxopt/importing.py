"""Where modules of ctxopt are, told from their names.

Python looks for a module in many steps that allow for anything, and a scan imports 200
of ours. Here a module is the file that its name says, and its code is what Python has
compiled of that file, if it is of the source as it is now, by Python's own rule. What
is not so is left to Python: no compiled code yet, one that was moved, a package in a
zip file. Nothing is written here, and nothing kept.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import MAGIC_NUMBER, cache_from_source
from io import FileIO
from marshal import loads
from os import stat

TYPE_CHECKING = False  # start-up: see `ctxopt`

if TYPE_CHECKING:
    from os import stat_result
    from types import CodeType

HEAD_LENGTH = 16
HEAD_OF_TIMED = MAGIC_NUMBER + bytes(4)  # no hash
LOW_32_BITS = 0xFFFF_FFFF


def find_by_name() -> None:
    """From now on, let modules of ctxopt be looked for here first."""
    if not any(isinstance(finder, ByName) for finder in sys.meta_path):
        package, folder = __name__.partition(".")[0], __file__.rpartition("/")[0]
        sys.meta_path.insert(0, ByName(package, folder))


class ByName:
    """A finder of what is in a package, as `sys.meta_path` has them."""

    def __init__(self, package: str, folder: str) -> None:
        self._package = package
        self._folder = folder
        self._compiled: dict[str, tuple[str, str]] = {}

    def find_spec(
        self, name: str, _path: object = None, _target: object = None
    ) -> ModuleSpec | None:
        """What Python has to know of a module; None where it has to look itself."""
        package, _, rest = name.partition(".")
        if package != self._package or not rest:
            return None
        place = f"{self._folder}/{rest.replace('.', '/')}"
        try:
            return self._spec(name, f"{place}.py")
        except OSError:
            pass
        try:
            spec = self._spec(name, f"{place}/__init__.py")
        except OSError:
            return None
        spec.submodule_search_locations = [place]
        return spec

    def _spec(self, name: str, source: str) -> ModuleSpec:
        """The same for a file; raises OSError where there is none."""
        loader = _Loader(name, source)
        loader.status = stat(source)
        folder, _, stem = source[:-3].rpartition("/")
        before, after = self._compiled.get(folder) or self._compiled_in(folder)
        spec = ModuleSpec(name, loader, origin=source)
        spec.has_location = True
        spec.cached = loader.compiled = f"{before}{stem}{after}"
        return spec

    def _compiled_in(self, folder: str) -> tuple[str, str]:
        """What is before and behind a module's name where its compiled code is."""
        before, _, after = cache_from_source(f"{folder}/NAME.py").rpartition("NAME")
        self._compiled[folder] = before, after
        return before, after


class _Loader(SourceFileLoader):
    """Reads what was compiled with less ado; all else is Python's."""

    status: stat_result
    compiled: str

    def get_code(self, fullname: str) -> CodeType | None:
        """The code of a module, as Python comes by it.

        Rule: PEP 552; importlib's `_validate_timestamp_pyc` and `_fix_co_filename`.
        """
        try:
            with FileIO(self.compiled) as file:
                found = file.readall()
        except OSError:
            return super().get_code(fullname)
        if found[:HEAD_LENGTH] == _head(self.status):
            # What Python wrote, and would read itself.
            code: CodeType = loads(memoryview(found)[HEAD_LENGTH:])  # noqa: S302
            if code.co_filename == self.path:
                return code
        return super().get_code(fullname)


def _head(source: stat_result) -> bytes:
    """How compiled code of a source begins: version, no hash, its time and size."""
    size, time = source.st_size & LOW_32_BITS, int(source.st_mtime) & LOW_32_BITS
    return HEAD_OF_TIMED + (size << 32 | time).to_bytes(8, "little")
