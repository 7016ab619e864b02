"""What a look into a file tells, of texts that were written to be a burden, too."""

from __future__ import annotations

import pytest

from ctxopt.core.secrets.looks import TESTS, Look, look
from ctxopt.core.secrets.places import HEAD_BYTES
from tests.secretfiles import PASSWORD, pem

NO_FIT = Look(fits=False, secret=False)


def filled(start: str, unit: str, end: str = "!") -> bytes:
    """A head of full length."""
    room = HEAD_BYTES - len(start) - len(end)
    return (start + unit * (room // len(unit)) + end).encode()


# None of them may be tried from every place in it, up to its end: that took from
# seconds to hours for each.
BURDENS = {
    "lines with nothing": filled("", "\n"),
    "spaces within a value": filled("password=x", " "),
    "spaces within a value, and a comma": filled("password=x", " ", ",!"),
    "commas within a value": filled("password=x", ","),
    "lines with nothing behind a name": filled("password", "\n"),
    "spaces behind a name": filled("//r/:_authToken", " ", "#"),
    "letters that could begin an address": filled("", "a"),
    "a value of words that samples have": filled("password=", "our"),
    "a name of words that secrets have": filled("", "encrypt", "=v4lue-9x"),
    "a state with a name of such words": filled('"', "secret"),
    "spaces behind the data of a manifest": filled("kind: Secret\ndata:", " "),
    "lines with nothing in a key": filled("-----BEGIN PRIVATE" + " KEY-----", "\n"),
}


@pytest.mark.parametrize("head", BURDENS.values(), ids=BURDENS)
def test_every_test_comes_to_an_end_with(head: bytes) -> None:
    found = {test: look(test, "a/x.json", head) for test in TESTS}
    assert found["private-key"] == NO_FIT
    assert found["tokens"] == NO_FIT
    assert found["any"].fits


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_secret_is_found_in_the_texts_of_windows(coding: str, newline: str) -> None:
    key = pem("RSA").replace("\n", newline).encode(coding)
    assert look("private-key", "deploy", key).secret
    settings = f'{{{newline}  "password": "{PASSWORD}",{newline}  "a": 1}}'
    assert look("settings", "secrets.json", settings.encode(coding)).secret


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("value", ["test", "", "${DB}", "null", "postgres"])
def test_a_value_that_is_none_is_none_with_every_end_of_line(
    value: str, newline: str
) -> None:
    text = f'{{{newline}  "password": "{value}",{newline}  "a": 1{newline}}}'
    assert look("environment", "a.env", text.encode()) == NO_FIT


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        (f"password: {PASSWORD} # of mine", True),
        (f'password: "{PASSWORD}" # of mine', True),
        (f"define('DB_PASSWORD', '{PASSWORD}');", True),
        (f"PASSWORD={PASSWORD};", True),
        ("password: test # not this one", False),
        ('password: "test", # nor this', False),
        ("define('DB_PASSWORD', 'root' );", False),
        ("PASSWORD=test ;", False),
    ],
)
def test_what_closes_a_line_is_no_part_of_the_value(line: str, *, secret: bool) -> None:
    assert look("environment", "a.env", f"{line}\n".encode()).secret is secret
