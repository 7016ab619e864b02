"""Something of the terminal that is taken for a while and given back as it was."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class TerminalMode(ABC):
    """Taken while a `with` block lasts, or between `engage` and `restore`."""

    __slots__ = ()

    @abstractmethod
    def engage(self) -> None:
        """Take it; again after `restore`, when a suspended program goes on."""

    @abstractmethod
    def restore(self) -> None:
        """Give it back as it was; nothing if it is not taken, or is gone."""

    def __enter__(self) -> Self:
        try:
            self.engage()
        except BaseException:
            self.restore()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.restore()
