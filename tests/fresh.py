"""Properties of what is dear to lay out: each example is a new one.

@fresh
@given(project=projects())
def test_anything(project: Project) -> None: ...
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import pytest
from hypothesis.internal.conjecture.engine import ConjectureRunner


def fresh(test: Callable[..., None]) -> Callable[..., None]:
    """A property of which no example is another one with a part of it repeated.

    Of six examples hypothesis draws one, and the other five are that one with a part
    copied over another, which finds what is wrong of equal parts. Where names are drawn
    from a few anyway, two thirds of the examples, all drawn, come to more of the code.
    """

    @wraps(test)
    def run(*arguments: object, **named: object) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ConjectureRunner, "generate_mutations_from", _no_more)
            test(*arguments, **named)

    return run


def _no_more(runner: object, data: object) -> None:
    """What is made of an example that was drawn: nothing."""
