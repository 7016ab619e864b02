"""Places of repositories as URIs: only what is one, and nobody's password."""

from __future__ import annotations

import pytest

from ctxopt.view.fleet.places import base_uri, remote_uri

REMOTE = {
    "as it is": ("https://a.example/b/c.git", "https://a.example/b/c.git"),
    "a port": ("https://a.example:8443/b", "https://a.example:8443/b"),
    "an address": ("https://[::1]:8443/b", "https://[::1]:8443/b"),
    "a token for a user": ("https://s3cr3t@a.example/b", "https://a.example/b"),
    "a password": ("https://me:s3cr3t@a.example/b", "https://a.example/b"),
    "ssh has one user": ("ssh://git@a.example/b", "ssh://git@a.example/b"),
    "its password goes": ("ssh://git:s3cr3t@a.example/b", "ssh://git@a.example/b"),
    "what no URI holds": ('https://a.example/b c"<', "https://a.example/b%20c%22%3C"),
    "no escape": ("https://a.example/%zz%20", "https://a.example/%25zz%20"),
    "a form of git's": ("git@a.example:b/c.git", None),
    "a folder": ("/home/you/a", None),
    "a script": ("javascript:alert(1)", None),
    "a script with a host": ("javascript://a.example/%0aalert(1)", None),
    "a query": ("https://a.example/b?token=s3cr3t", None),
    "a branch": ("https://a.example/b.git#c/d", "https://a.example/b.git"),
    "no host": ("https:///b", None),
    "an odd host": ("https://a.example<b>/c", None),
    "a broken address": ("https://[::1/b", None),
    "a line end": ("https://a.example/b\n", None),
    "nothing": ("", None),
}


@pytest.mark.parametrize(("place", "uri"), REMOTE.values(), ids=REMOTE)
def test_a_url_is_known_without_who_asked(place: str, uri: str | None) -> None:
    assert remote_uri(place) == uri


BASES = {
    "a folder": ("/home/you/a b", "file:///home/you/a%20b/"),
    "a byte that is not UTF-8": ("/home/\udcff", "file:///home/%FF/"),
    "the disk": ("/", "file:///"),
    "https": ("https://a.example/b.git", "https://a.example/b.git/"),
    "https with a slash": ("https://a.example/b/", "https://a.example/b/"),
    "ssh shows no file": ("ssh://git@a.example/b", None),
    "http is not asked": ("http://a.example/b", None),
    "a script": ("javascript:alert(1)", None),
}


@pytest.mark.parametrize(("place", "uri"), BASES.values(), ids=BASES)
def test_paths_are_relative_to_what_ends_with_a_slash(
    place: str, uri: str | None
) -> None:
    assert base_uri(place) == uri
