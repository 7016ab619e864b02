"""The steps of a build and what each transferred, from what docker's client prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ctxopt.core.timing.progress import StepTransfer, read_line


@dataclass(frozen=True, slots=True)
class ProgressStep:
    """One step of a build and what it transferred."""

    name: str
    wire_bytes: int | None = None  # None: nothing was transferred
    printed: str | None = None  # the size as text; None where docker gives the number
    exact: bool = True  # False: rounded
    done: bool = False  # it came to a good end

    def exactly(self, wire_bytes: int | None) -> ProgressStep:
        """Return this step with a size from a better source, if that told one."""
        if wire_bytes is None or self.wire_bytes is None:
            return self
        return replace(self, wire_bytes=wire_bytes, exact=True)

    def at(self, transfer: StepTransfer) -> ProgressStep:
        """Return this step with the size that its transfer has by now."""
        return replace(
            self,
            wire_bytes=transfer.wire_bytes,
            printed=transfer.printed,
            exact=transfer.exact,
        )


def find_step(steps: Iterable[ProgressStep], words: str) -> ProgressStep | None:
    """Return the builder's own step of that name, such as "load build context"."""
    for step in steps:
        if step.name.startswith(f"[internal] {words}"):
            return step
    return None


def parse_progress(text: str) -> tuple[ProgressStep, ...]:
    """Return the steps of one build; lines that tell of none are skipped."""
    steps: dict[str, ProgressStep] = {}
    for line in text.splitlines():
        for told in read_line(line):
            step = steps.get(told.step)
            if isinstance(told, StepTransfer):
                if step is not None and told.wire_bytes is not None:
                    steps[told.step] = step.at(told)
                continue
            if step is None and told.name is not None:
                step = ProgressStep(told.name)
            if step is not None:
                done = step.done if told.done is None else told.done
                steps[told.step] = replace(step, done=done)
    return tuple(steps.values())
