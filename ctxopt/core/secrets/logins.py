"""Tokens and passwords of one user, one machine or one service, by what is written.

Each function says whether a text of its format holds one. A text that only says where
a registry is, or takes the token from a variable, holds none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ctxopt.core.secrets.pairs import holds_secrets
from ctxopt.core.secrets.values import has_token, has_url_login, is_value

PUBLIC_NAMES = (
    r"(?m)^[ \t]*(?:export[ \t]+)?(?:VITE_|NEXT_PUBLIC_|REACT_APP_|NUXT_PUBLIC_|"
    r"NUXT_ENV_|VUE_APP_|PUBLIC_|EXPO_PUBLIC_|GATSBY_|STORYBOOK_|NG_APP_|"
    r"SNOWPACK_PUBLIC_|PREACT_APP_|SANITY_STUDIO_|GRIDSOME_|RSPACK_|RAZZLE_|WXT_|"
    r"PARCEL_|TARO_APP_)\w*="
)
_NPM = (
    r"(?m)^[^#;\n]*(?:_authToken|_password|_auth|npmAuthToken|npmAuthIdent|"
    r"token|password)[\"']?(?:[ \t]*[=:][ \t]*|[ \t]+)(?P<value>[^\s#]+)"
)
_NETRC = r"(?m)^[^#\n]*?(?:^|\s)(?:password|passwd|password:)\s+(?P<value>\S+)"
_GIT = r"(?im)^[ \t]*extraheader\s*=\s*authorization:\s*\w+\s+(?P<value>\S+)"
_HASH = (
    r"(?m)^[\w.@+-]+:(?P<value>\$(?:apr1|1|2[abxy]?|5|6|y|argon2\w*)\$\S{8,}|"
    r"\{SHA\}\S{8,}|[./A-Za-z0-9]{13})(?::|\s*$)"
)
_DOCKER = r'"(?:auth|identitytoken|registrytoken|password)"\s*:\s*"(?P<value>[^"]+)"'
_OLD_DOCKER = r'"[\w.:/-]+\.[\w.:/-]+"\s*:\s*\{\s*"auth"\s*:'
_KUBE = (
    r"(?m)(?:^|[\s{\"',-])[\"']?(?:client-key-data|token|password|id-token|refresh-token|access-token)"
    r"[\"']?\s*:\s*[\"']?(?P<value>[^\s\"',}]+)"
)
_COMPOSER = (
    r'"(?:http-basic|bearer|custom-headers|client-certificate|'
    r'(?:github|gitlab|bitbucket|forgejo)-(?:oauth|token))"\s*:\s*\{'
)
_QUOTED = r'"(?:password|consumer-secret|[\w-]+(?:\.[\w-]+)+)"\s*:\s*"(?P<value>[^"]+)"'
_ACCOUNT = (
    r'"private_key"\s*:\s*"-----BEGIN [A-Z ]*PRIVATE KEY-----'
    r"(?:\\n|\s)?[A-Za-z0-9+/]{8}"
)
_OAUTH = r'"(?:client_secret|refresh_token)"\s*:\s*"(?P<value>[^"]+)"'
# What `az ad sp create-for-rbac` prints, in both of its forms.
_AZURE_NAMES = (r'"(?:appId|clientId)"\s*:', r'"tenant(?:Id)?"\s*:')
_AZURE = r'"(?:password|clientSecret)"\s*:\s*"(?P<value>[^"]+)"'
_KAGGLE = r'"username"\s*:[^}]*"key"\s*:\s*"[0-9a-f]{32}"'
_MANIFEST = r"(?m)^[\"'{ \t]*kind[\"']?\s*:\s*[\"']?Secret\b"
_MANIFEST_VALUE = r"(?m)^[ \t]+[\"']?[\w.-]+[\"']?\s*:\s*[\"']?(?P<value>[^\s\"']+)"
_STATE_VALUE = (
    r'"[\w.-]{,80}(?:password|secret|token|private_key|access_key|connection_string|sas_url)'
    r'[\w.-]{,80}"\s*:\s*"(?P<value>[^"]+)"'
)
_MADE_VALUE = r'"result"\s*:\s*"(?P<value>[^"]+)"'
_JWK = r'"d"\s*:\s*"[\w-]{20,}"'
_SERVICE = (
    r'"type"\s*:\s*"(?:(?:gdch_)?service_account|'
    r'(?:external_account_)?authorized_user)"'
)


def _any_value(expression: str, text: str) -> bool:
    return any(is_value(found["value"]) for found in re.finditer(expression, text))


def has_public_names(text: str) -> bool:
    """Whether a value stands in it that front-end builds write into their pages."""
    return re.search(PUBLIC_NAMES, text) is not None


def is_environment(text: str) -> bool:
    """Whether variables have secrets as their values."""
    return holds_secrets(text, strict=False)


def is_variables(text: str) -> bool:
    """Whether it has nothing but variables in capitals, and secrets as their values."""
    lines = re.sub(r"(?m)^[ \t]*(?:#.*)?\n?", "", text).splitlines()
    named = all(re.match(r"(?:export )?[A-Z][A-Z0-9_]*=", line) for line in lines)
    return bool(lines) and named and is_environment(text)


def is_settings(text: str) -> bool:
    """Whether settings of a program hold secrets: more than words below their names."""
    return holds_secrets(text, strict=True)


def is_npm(text: str) -> bool:
    """Whether a Node package manager finds a token or password in its settings."""
    return _any_value(_NPM, text) or has_url_login(text) or has_token(text)


def is_netrc(text: str) -> bool:
    """Whether it is a list of machines with passwords."""
    return _any_value(_NETRC, text) or has_url_login(text)


def is_git_config(text: str) -> bool:
    """Whether the address of a remote or a header has a password or token in it."""
    remotes = re.sub(r"https?://([^\s/:@]+)@", r"https://token:\1@", text)
    tokens = has_token(text) or has_url_login(text) or has_token(remotes)
    return tokens or _any_value(_GIT, text)


def is_password_list(text: str) -> bool:
    """Whether users stand in it with the hashes of their passwords."""
    return re.search(_HASH, text) is not None


def is_docker_login(text: str) -> bool:
    """Whether docker's settings hold the login of a registry."""
    known = '"auths"' in text or re.search(_OLD_DOCKER, text) is not None
    return known and _any_value(_DOCKER, text)


def is_composer(text: str) -> bool:
    """Whether it is the form that Composer reads logins in."""
    return (
        re.search(_COMPOSER, text) is not None and re.search(_QUOTED, text) is not None
    )


def is_composer_login(text: str) -> bool:
    """Whether Composer finds a token or a password in it."""
    return is_composer(text) and _any_value(_QUOTED, text)


def is_kube_config(text: str) -> bool:
    """Whether the settings of kubectl hold a key, a token or a password."""
    if not re.search(
        r"(?m)^[ \t]*[\"']?(?:clusters|contexts|current-context)[\"']?\s*:", text
    ):
        return False
    users = re.search(r"(?m)^[ \t]*[\"']?users[\"']?\s*:", text)
    return users is not None and _any_value(_KUBE, text)


def is_service_account(text: str) -> bool:
    """Whether it is the key of a service of a cloud, or what a user agreed to."""
    if all(re.search(name, text) for name in _AZURE_NAMES):
        return _any_value(_AZURE, text)
    if re.search(_SERVICE, text):
        return bool(re.search(_ACCOUNT, text)) or _any_value(_OAUTH, text)
    return '"client_id"' in text and _any_value(_OAUTH, text)


def is_secret_manifest(text: str) -> bool:
    """Whether a Secret of Kubernetes stands in it, as it is and not sealed."""
    for part in re.split(r"(?m)^---", text):
        if not re.search(_MANIFEST, part) or "sealedsecrets" in part:
            continue
        _, found, values = _split_at_values(part)
        if found and any(
            is_value(one["value"]) for one in re.finditer(_MANIFEST_VALUE, values)
        ):
            return True
    return False


def _split_at_values(text: str) -> tuple[str, bool, str]:
    found = re.search(
        r"(?m)^[\"' \t]*(?:data|stringData)[\"']?[ \t]*:[ \t]*(?:\{[ \t]*)?$", text
    )
    if found is None:
        return text, False, ""
    below = text[found.end() :]
    end = re.search(r"(?m)^\S", below)
    return text[: found.start()], True, below[: end.start()] if end else below


def is_state(text: str) -> bool:
    """Whether a state of Terraform has a secret among its values."""
    made = '"random_password"' in text and _any_value(_MADE_VALUE, text)
    return made or _any_value(_STATE_VALUE, text) or "PRIVATE KEY-----\\n" in text


def is_web_key(text: str) -> bool:
    """Whether a JSON Web Key has its private part."""
    return '"kty"' in text and re.search(_JWK, text) is not None


def is_one_value(text: str) -> bool:
    """Whether it is a single value and nothing else, as secrets of compose are."""
    lines = text.strip().splitlines()
    return len(lines) == 1 and is_value(lines[0])


def is_hex_key(text: str) -> bool:
    """Whether it is one key in hexadecimal digits, as Rails has it."""
    return re.fullmatch(r"[0-9a-fA-F]{32,128}", text.strip()) is not None


def is_login(text: str) -> bool:
    """Whether a file that only logins are in holds one."""
    return (
        holds_secrets(text, strict=False)
        or _any_value(_NPM, text)
        or _any_value(_NETRC, text)
        or _any_value(_OAUTH, text)
        or re.search(_KAGGLE, text) is not None
    )


def is_line_of_fields(text: str) -> bool:
    """Whether a line ends in a password: `host:port:database:user:password`."""
    rows = (line.rsplit(":", 1) for line in text.splitlines() if line[:1] != "#")
    return any(len(row) == 2 and is_value(row[1]) for row in rows)


def is_export(text: str) -> bool:
    """Whether it is what a password manager handed out: a table, or its JSON."""
    first = text.split("\n", 1)[0].lower()
    columns = {word.strip(' "') for word in first.split(",")}
    names = {"password", "login_password", "secret access key", "private key"}
    table = bool(columns & names) and len(columns) > 1 and "\n" in text.strip()
    return table or ('"login"' in text and _any_value(_DOCKER, text))


def is_wallet(text: str) -> bool:
    """Whether it is the key of a wallet: its numbers, its words or its cipher."""
    numbers = re.fullmatch(r"\s*\[\s*(?:\d{1,3}\s*,\s*){31,}\d{1,3}\s*\]\s*", text)
    words = text.split()
    spoken = len(words) in {12, 15, 18, 21, 24} and all(
        word.isalpha() and word.islower() and 3 <= len(word) <= 8 for word in words
    )
    return bool(numbers) or spoken or '"ciphertext"' in text


def is_sealed(text: str) -> bool:
    """Whether the values in it are encrypted, by whatever tool."""
    marks: Iterable[str] = (
        *("ENC[AES256_GCM", "$ANSIBLE_VAULT;", "\0GITCRYPT", "age-encryption.org/v1"),
        *("-----BEGIN AGE ENCRYPTED", "-----BEGIN PGP MESSAGE", "bitnami.com/sealed"),
        *('"encrypted": true', "DOTENV_PUBLIC_KEY", "kind: SealedSecret"),
    )
    return any(mark in text for mark in marks)
