"""What the words typed come to with a file and variables: a request, an estimate.

    configured = configured_for(context, typed)
    request_of(context, configured), estimate_of(configured)

No click is needed for it: `options` reads what was typed with that, `plain` without.
"""

from __future__ import annotations

import os
import sys

from ctxopt.cli.saying import announce_error, complain
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxopt.core.configuration.layers import Configuration, Settings
    from ctxopt.core.model import BuilderName, Request
    from ctxopt.pipeline.advice import Estimate


def configured_for(context: str, typed: Settings) -> Configuration:
    """What applies to a command about a build, of which some settings were typed.

    Raises ConfigurationError for a file or a variable that says what cannot be.
    """
    from ctxopt.core.configuration.layers import configuration, defaults, merged

    found, of_file = _of_file(context)
    layers = (defaults(), of_file, _of_environment(), typed)
    return configuration(merged(*layers), found)


def _of_file(context: str) -> tuple[str | None, Settings]:
    """The nearest file that configures a context, and what it says."""
    from ctxopt.core.configuration.layers import NO_SETTINGS
    from ctxopt.host.disk.configuration import TABLE, candidates

    for file in candidates(context):
        # Start-up: few have such a file, and the parser takes its time.
        from ctxopt.core.configuration.tables import ConfigurationFile, read_settings

        table = TABLE if file.is_project else ()
        settings = read_settings(
            ConfigurationFile(file.text, file.shown, file.folder, table)
        )
        if settings is not None:
            return file.shown, settings
    return None, NO_SETTINGS


def _of_environment() -> Settings:
    from ctxopt.core.configuration.keys import PREFIX
    from ctxopt.core.configuration.layers import NO_SETTINGS

    if not any(name.startswith(PREFIX) for name in os.environ):
        return NO_SETTINGS
    from ctxopt.core.configuration.variables import read_variables

    return read_variables(os.environ)


def request_of(context: str, configured: Configuration) -> Request:
    """The build that a context and what applies to it name."""
    from ctxopt.core.model import BuilderName, Request

    builder = BuilderName(configured.builder)
    dockerfile, content = _dockerfile_content(context, configured.file, builder)
    return Request(
        context=context,
        dockerfile=dockerfile,
        target=configured.target,
        build_args=configured.build_args,
        build_contexts=configured.build_contexts,
        builder=builder,
        dockerfile_bytes=content,
        platform=_platform(configured.platform),
    )


def _platform(given: str | None) -> str | None:
    """The platform that is measured: the first, of which the user is told."""
    first, *others = (given or "").split(",")
    if others:
        complain(
            f"note: --platform: measured for {first}, the first of {len(others) + 1};"
            " name one at a time to see the others"
        )
    return first or None


def _dockerfile_content(
    context: str, dockerfile: str | None, builder: BuilderName
) -> tuple[str | None, bytes | None]:
    """The value of `-f`, and what can be read only once: standard input or a pipe."""
    if dockerfile is None:
        return None, None
    from ctxopt.host.disk import inputs
    from ctxopt.host.disk.bounded import (
        LIMIT_BYTES,  # start-up: most builds have a file
    )

    if dockerfile != inputs.STDIN:
        from ctxopt.core.builders import find_builder

        piped = None
        if find_builder(builder).reads_pipes:
            piped = inputs.piped_dockerfile(context, dockerfile)
        return (dockerfile, None) if piped is None else (inputs.STDIN, piped)
    if sys.stdin is None:
        from ctxopt.cli.program import Refused

        raise Refused("cannot read the Dockerfile: standard input is closed")
    return dockerfile, sys.stdin.buffer.read(LIMIT_BYTES + 1)


def estimate_of(configured: Configuration) -> Estimate:
    """What seconds are for: a bandwidth means a remote engine.

    Not where somebody says "local" in a higher place than the bandwidth stands.
    """
    from ctxopt.core.timing.models import ProfileName
    from ctxopt.pipeline.advice import Estimate

    text, name = configured.bandwidth, ProfileName(configured.profile)
    if name is ProfileName.LOCAL:
        if configured.layer("profile") > configured.layer("bandwidth"):
            text = None
        name = ProfileName.REMOTE if text else name
    rate = None
    if text:
        from ctxopt.core.timing.bandwidth import parse_bandwidth  # start-up

        rate = parse_bandwidth(text)
    return Estimate(name, rate, report=announce_error)
