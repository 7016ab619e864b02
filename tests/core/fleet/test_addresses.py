from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.fleet.addresses import folder_source, git_source, is_git_url, name_of
from ctxopt.core.fleet.records import SourceKind
from ctxopt.errors import CtxoptError

PLACES = [
    ("https://git.example.com/acme/shop.git", "https://git.example.com/acme/shop.git"),
    ("https://me:secret@host/acme/shop", "https://host/acme/shop"),
    ("https://token@host:8443/acme/shop", "https://host:8443/acme/shop"),
    ("https://host/acme/shop?private_token=abc", "https://host/acme/shop"),
    ("ssh://git:secret@host/acme/shop", "ssh://git@host/acme/shop"),
    ("git@host:acme/shop.git", "git@host:acme/shop.git"),
    ("file:///srv/git/shop.git", "file:///srv/git/shop.git"),
]


@pytest.mark.parametrize(("url", "place"), PLACES)
def test_a_place_is_shown_without_what_logs_in(url: str, place: str) -> None:
    source = git_source(url)
    assert (source.kind, source.place, source.address) == (SourceKind.GIT, place, url)
    assert source.label in ("acme/shop", "git/shop")
    assert source.name.startswith("shop-")
    assert "secret" not in repr(source._replace(address=""))


def test_a_branch_stands_behind_a_mark() -> None:
    main = git_source("https://host/acme/shop.git#release/2")
    assert (main.address, main.branch) == ("https://host/acme/shop.git", "release/2")
    assert main.name != git_source("https://host/acme/shop.git").name


@pytest.mark.parametrize(
    "word",
    ["shop", "./shop", "/srv/shop", "C:shop", "a:b", "shop.txt", "~/src", "", "a/b:c"],
)
def test_a_path_is_no_url(word: str) -> None:
    assert not is_git_url(word)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ext::sh -c whoami", "no spaces"),
        ("ext::whoami", '"ext:" are not taken'),
        ("ftp://host/shop", '"ftp:" are not taken'),
        ("https://", "no URL of a repository"),
        ("https://host", "no URL of a repository"),
        ("https://host:port/shop", "no URL of a repository"),
        ("ssh://-oProxyCommand=whoami/shop", "no URL of a repository"),
        ("https://host/shop#", "no branch"),
        ("https://host/shop#--upload-pack=whoami", "no branch"),
        ("https://host/sh\x1bop", "control characters"),
    ],
)
def test_what_git_could_misread_is_refused(url: str, said: str) -> None:
    assert is_git_url(url)
    with pytest.raises(CtxoptError, match=re.escape(said)) as refused:
        git_source(url)
    assert refused.value.text in (url, None)


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_name_is_one_of_a_file(last: str, known: str) -> None:
    name = name_of(last, known)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}-[0-9a-f]{8}", name)


def test_folders_of_one_name_have_names_of_their_own() -> None:
    one, other = folder_source("/a/shop"), folder_source("/b/shop")
    assert one.label == other.label == "shop"
    assert one.name != other.name
    assert folder_source("/a/shop") == one
    assert folder_source("/").label == "root"
