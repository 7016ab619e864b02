"""The documents of a compose file, with their variables, and the services in them."""

from __future__ import annotations

from ctxopt.core.compose.nodes import Fields, YamlPlace
from ctxopt.core.compose.surroundings import Surroundings
from ctxopt.errors import ComposeFileError

_KEYS = frozenset(
    {
        *("version", "name", "include", "services", "models"),
        *("networks", "volumes", "secrets", "configs"),
    }
)


def opened(
    file: str, around: Surroundings, asked: YamlPlace | None = None
) -> list[Fields]:
    """The mappings at the top of a file; `asked` is the place that names the file.

    Raises ComposeFileError where there is no such file, or no mapping in it.
    """
    documents = around.documents(file)
    if documents is None:
        raise ComposeFileError(
            f"no such file: {file}",
            file=asked.file if asked else file,
            line=asked.line if asked else None,
            text=file,
        )
    mappings = []
    for document in map(around.interpolated, documents):
        if not isinstance(document, Fields):
            raise ComposeFileError(
                "a compose file has to be a mapping",
                hint="begin with a line `services:`",
                file=file,
                line=document.place.line,
            )
        mappings.append(document)
    return mappings


def check_keys(document: Fields) -> None:
    """Raises ComposeFileError for a key at the top that compose does not know.

    Source: compose-go, schema/compose-spec.json.
    """
    for key, node in document.entries.items():
        if key not in _KEYS and not key.startswith("x-"):
            raise ComposeFileError(
                f'a compose file has no field "{key}"',
                hint="put x- before its name, or remove it",
                file=node.place.file,
                line=node.place.line,
                text=key,
            )


def services_in(document: Fields) -> Fields:
    """The services of a document, none where it has none; raises ComposeFileError."""
    services = document.entries.get("services")
    if services is None:
        return Fields(document.place)
    if not isinstance(services, Fields):
        raise ComposeFileError(
            "services have to be a mapping of names",
            file=services.place.file,
            line=services.place.line,
            text="services",
        )
    return services
