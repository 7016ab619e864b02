"""Commands of build tools that fetch, ask or clean, and build nothing.

`mvn dependency:go-offline` makes no `target`. Source: maven.apache.org, "Introduction
to the Build Lifecycle"; docs.gradle.org, "Command-Line Interface".
"""

from __future__ import annotations

import re

from ctxopt.core.running.commands import Command

# Commands that do no more than such goals and tasks.
_MAVEN = (
    r"(?=.*\s(?:dependency:|clean\b|help:|versions:|-v\b|-version))\S+(?:\s+(?:"
    r"-[fs]\s+[^\s-]\S*|-(?![fs]\s+[^\s-])\S+|"
    r"(?:dependency|help|versions):\S+|clean|validate))+"
)
_GRADLE = (
    r"\S+(?:\s+-\S+)*(?:\s+(?:\S*:)?(?:dependencies|tasks|help|clean|properties|"
    r"projects|wrapper)(?:\s+-\S+)*)+"
)
_BUILDING_NOTHING = {
    **dict.fromkeys(("mvn", "mvnw", "mvnd"), _MAVEN),
    **dict.fromkeys(("gradle", "gradlew"), _GRADLE),
}


def builds_nothing(command: Command) -> bool:
    """Whether a command of Maven or Gradle is told to build nothing."""
    said = _BUILDING_NOTHING.get(command.program)
    return said is not None and bool(re.fullmatch(said, " ".join(command.words)))
