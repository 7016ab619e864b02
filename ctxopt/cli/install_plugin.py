"""`ctxopt install-plugin`: from then on docker has a command `docker ctxopt`."""

from __future__ import annotations

import click

from ctxopt.cli.program import WithExamples, examples, options_of_all


@click.command(
    "install-plugin",
    cls=WithExamples,
    epilog=examples(
        "ctxopt install-plugin",
        "docker ctxopt scan .        # from then on",
        "ctxopt install-plugin --remove",
    ),
)
@click.option("--remove", is_flag=True, help="Take it away again.")
@options_of_all
def install_plugin(*, remove: bool) -> None:
    """Make `docker ctxopt` a command of the docker client.

    Puts a link into the folder of docker's plugins, $DOCKER_CONFIG/cli-plugins or
    ~/.docker/cli-plugins.
    """
    from ctxopt.host.plugin import folder
    from ctxopt.view.terminal.formatting import printable

    placed = folder.remove() if remove else folder.install()
    if remove:
        said = "is gone." if placed.changed else "is not there, nothing to remove."
    else:
        done = "is there" if placed.changed else "is there already"
        said = f"{done}. Type: docker ctxopt scan ."
    click.echo(printable(f"{placed.path} {said}"))
