"""That Kaniko builds a project as well, which reads the ignore file otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxopt.core.checking import catalogue
from ctxopt.core.checking.families import ignore_file as rules
from ctxopt.core.checking.records import Diagnostic
from ctxopt.core.model import Location
from ctxopt.host.disk.named import first_line
from ctxopt.pipeline.check.checked import CheckedBuild

# The image, and the program in it: who names one of them runs Kaniko.
_NAMES = re.compile(r"kaniko-project/executor|/kaniko/executor\b")


def built_by_kaniko(checked: CheckedBuild) -> Iterator[Diagnostic]:
    """A note where a file of the project names Kaniko, and there is an ignore file.

    Rule: GoogleContainerTools/kaniko, pkg/util/fs_util.go, getExcludedFiles and
    CopyFile, and pkg/commands/copy.go, ExecuteCommand (1.24; the project is archived).
    """
    main = checked.build.main
    if not main.patterns:
        return
    found = first_line(main.path, _NAMES)
    if found is None:
        return
    named = _NAMES.search(found.text)
    assert named is not None
    problem = rules.BUILT_BY_KANIKO.problem(
        f'"{named[0]}" builds here too: a COPY of what the ignore file keeps out copies'
        " nothing there, and does not fail",
        place=Location(found.place, found.line, found.line),
        subject=named[0],
    )
    yield catalogue.diagnostic(problem)
