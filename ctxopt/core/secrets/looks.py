"""The tests of contents, by the names that `rules.toml` calls them.

A test tells whether a rule speaks of a file. Of a few kinds the name says what to do,
and only the content whether a secret is in it: those are not told of as secrets.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ctxopt.core.secrets import keys, logins
from ctxopt.core.secrets.values import has_token
from ctxopt.core.tuples import NamedTuple

# Names of samples, of what is encrypted and of what is public.
_SAMPLE_NAME = (
    r"(?i)\.(?:example|sample|template|tmpl|tpl|dist|defaults?|schema|enc|sops|sealed|age|"
    r"gpg|asc|pub|crypt|j2|erb|ejs|hbs|mustache|in|md|rst|spec|test|lock)(?:\.|$)|"
    r"(?:^|[._-])(?:example|sample|template|schema|sealed)s?(?:[._-]|$)|"
    r"^(?:dist|defaults?|tmpl|tpl)\.env$"
)
_KEY_NAMES_OF_SAMPLES = r"(?i)\.(?:enc|sops|pub|md|rst|j2|erb|tmpl|template)(?:\.|$)"
# Where texts of a program, or data for its tests, have the names of secrets.
_TEXTS = (
    r"(?i)(?:^|/)(?:locales?|lang|langs|languages?|i18n|l10n|intl|translations?|messages|"
    r"nls|resx|strings|schemas?|openapi|swagger|docs?|examples?|samples?|templates?|"
    r"snippets|stories|mocks?|__mocks__|__snapshots__|cassettes)/|"
    # Bundles of texts: `messages_de.properties`, `labels.en.json`.
    r"(?:^|/)[^/]*(?:messages|labels|texts|strings|translations?|i18n|resources)"
    r"(?:[._-][a-z]{2}(?:[_-][a-z]{2})?)?\.(?:properties|json|ya?ml|ini|php|toml|cfg)$"
)
_TESTS = (
    r"(?i)(?:^|/)(?:tests?|__tests__|spec|specs|testdata|test[_-]data|fixtures?|"
    r"test[_-]?fixtures?|e2e|testing|testutils?|examples?|samples?|demo|docs?)/"
)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_MARKS = (*_UTF_16, b"\xef\xbb\xbf")  # with which Windows begins texts, keys too
_TRUST = r"(?i)trust|cacerts|(?:^|/)debug\.keystore$"


class Look(NamedTuple):
    """What a look into a file told."""

    fits: bool
    secret: bool  # whether one is in it


def look(test: str, path: str, head: bytes) -> Look:
    """Whether a test of `rules.toml` holds for a file, and a secret is in it.

    `head` is the start of its content. Raises KeyError for a test that there is not.
    """
    text = _text(head)
    if test in _OF_BYTES:
        if head.startswith(_MARKS):
            head = text.encode()
        fits = _OF_BYTES[test](path, head)
        return Look(fits, fits)
    if test in _OF_NAMES:
        by_name, holds = _OF_NAMES[test]
        fits = by_name(path, text)
        return Look(fits, fits and holds(text))
    fits = _is_no_sample(path, text) and _OF_TEXTS[test](text)
    if fits and test in _IN_PROGRAMS and re.search(_TEXTS, path):
        fits = False
    return Look(fits, fits)


def _text(head: bytes) -> str:
    kind = "utf-16" if head.startswith(_UTF_16) else "utf-8"
    return head.decode(kind, "replace").removeprefix("\ufeff").replace("\r\n", "\n")


def _is_no_sample(path: str, text: str) -> bool:
    name = path.rpartition("/")[2]
    return bool(text.strip()) and not (
        re.search(_SAMPLE_NAME, name) or logins.is_sealed(text)
    )


def is_of_tests(path: str) -> bool:
    """Whether a file lies where tests and samples have theirs."""
    return re.search(_TESTS, path) is not None


# --- keys


def _is_key(path: str, head: bytes) -> bool:
    """A private key, locked or not, that does not lie beside tests."""
    return _is_any_key(path, head) and not is_of_tests(path)


def _is_any_key(path: str, head: bytes) -> bool:
    """A private key: who has one with a passphrase may guess at leisure."""
    if not _may_be_key(path):
        return False
    return keys.is_locked_key(head) or keys.is_private_key(head)


def _may_be_key(path: str) -> bool:
    return not re.search(_KEY_NAMES_OF_SAMPLES, path.rpartition("/")[2])


def _is_store(path: str, head: bytes) -> bool:
    return keys.is_key_store(head) and not re.search(_TRUST, path)


def _is_data(path: str, head: bytes) -> bool:
    """Anything at all: the name says it."""
    return bool(head.strip(b"\0\r\n\t ")) and bool(path)


_OF_BYTES: dict[str, Callable[[str, bytes], bool]] = {
    "private-key": _is_key,
    "lesser-key": _is_any_key,
    "key-store": _is_store,
    "any": _is_data,
}

# --- what a name says


def _is_sample(path: str) -> bool:
    return bool(re.search(_SAMPLE_NAME, path.rpartition("/")[2]))


def _is_public_dotenv(path: str, text: str) -> bool:
    """Values for the pages of a front end stand in it."""
    return not _is_sample(path) and logins.has_public_names(text)


def _is_own_dotenv(path: str, text: str) -> bool:
    """By its name alone it is of this machine, and no front end needs it."""
    if _is_sample(path) or logins.is_sealed(text):
        return False
    return not logins.has_public_names(text)


def _is_own_login(path: str, text: str) -> bool:
    """By its name alone it is the login of somebody."""
    return bool(text.strip()) and not (_is_sample(path) or logins.is_sealed(text))


def _is_composer(path: str, text: str) -> bool:
    return not _is_sample(path) and logins.is_composer(text)


# What the name, or the form, says; and whether a secret is in it.
_OF_NAMES: dict[str, tuple[Callable[[str, str], bool], Callable[[str], bool]]] = {
    "public-dotenv": (_is_public_dotenv, logins.is_environment),
    "own-dotenv": (_is_own_dotenv, logins.is_environment),
    "own-login": (_is_own_login, logins.is_login),
    "own-fields": (_is_own_login, logins.is_line_of_fields),
    "composer": (_is_composer, logins.is_composer_login),
}

# --- texts

_OF_TEXTS: dict[str, Callable[[str], bool]] = {
    "environment": logins.is_environment,
    "variables": logins.is_variables,
    "settings": logins.is_settings,
    "npm": logins.is_npm,
    "netrc": logins.is_netrc,
    "passwords": logins.is_password_list,
    "docker": logins.is_docker_login,
    "kube": logins.is_kube_config,
    "account": logins.is_service_account,
    "manifest": logins.is_secret_manifest,
    "state": logins.is_state,
    "web-key": logins.is_web_key,
    "one-value": logins.is_one_value,
    "hex-key": logins.is_hex_key,
    "login": logins.is_login,
    "export": logins.is_export,
    "wallet": logins.is_wallet,
    "tokens": has_token,
}
_IN_PROGRAMS = frozenset({"settings", "one-value", "tokens", "manifest", "export"})

TESTS = frozenset({*_OF_BYTES, *_OF_NAMES, *_OF_TEXTS})
