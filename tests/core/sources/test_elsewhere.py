"""Names for folders outside of the context, and the COPY that takes from them.

Each name that has to be another was given to BuildKit, which refused it or read another
thing; each COPY was built.
"""

from __future__ import annotations

import pytest

from ctxopt.core.sources.elsewhere import context_name, copy_words


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        pytest.param("/home/me/common", "common", id="a folder keeps its name"),
        pytest.param("/x/My Lib_2", "my-lib-2", id="what no name can have is a dash"),
        pytest.param("/", "other", id="the root of the disk has no name"),
        pytest.param("/x/共有", "other", id="nor has one in other letters"),
        pytest.param("/x/2024", "2024-files", id="a number would be a stage"),
        pytest.param("/x/scratch", "scratch-files", id="scratch is the empty image"),
        pytest.param("/x/web", "web-files", id="a stage keeps its name"),
    ],
)
def test_a_folder_has_a_name_that_means_nothing_else(folder: str, name: str) -> None:
    assert context_name(folder, {"web"}) == name


@pytest.mark.parametrize(
    ("path", "instruction"),
    [
        pytest.param("a.txt", "COPY --from=lib a.txt DEST", id="plain"),
        pytest.param(".", "COPY --from=lib . DEST", id="a whole folder"),
        pytest.param("a b", 'COPY --from=lib ["a b", "DEST"]', id="with a blank"),
        pytest.param("it's$[1]", "COPY --from=lib it?s??1] DEST", id="with quotes"),
    ],
)
def test_a_path_is_copied_as_it_is_called(path: str, instruction: str) -> None:
    assert copy_words(path, "lib") == instruction
