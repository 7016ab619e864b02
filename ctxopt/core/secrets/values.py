"""Whether a name asks for a secret, and whether a text could be one.

What stands for a secret that is somewhere else is none: a variable, a template, a
sample. The beginnings of tokens are those that the services document, and that
gitleaks, trufflehog and detect-secrets look for, too.
"""

from __future__ import annotations

import re

_ASKS = (
    r"(?i)passw(?:or)?d|passphrase|(?<![a-z])pwd|(?:^|[_.-])pass$|secret|token|"
    r"api[_.-]?key|access[_.-]?key|private[_.-]?key|auth[_.-]?key|account[_.-]?key|"
    r"master[_.-]?key|service[_.-]?role[_.-]?key|license[_.-]?key|encrypt\w*[_.-]?key|signing[_.-]?key|"
    r"credential|connection[_.-]?string|(?:^|[_.-])dsn$|(?:^|_)auth$|"
    r"(?:^|[_.-])(?:app|jwt|session|cookie|crypt|hmac|salt|aes|fernet)[_.-]?key$|"
    r"^(?:auth|logged_in|nonce|secure_auth)_(?:key|salt)$"
)
_ASKS_NOT = (
    r"(?i)public|pub[_.-]?key|(?:file|path|dir|url|uri|endpoint|host|name|ttl|expir\w*|"
    r"age|length|size|min|max|policy|header|type|enabled|field|label|hint|help|"
    r"placeholder|title|text|message|error|algorithm|format|prefix|issuer|audience|"
    r"version|required|strength|hashers?|validators?|reset|regex|rules?|"
    r"timeout|seconds|minutes|hours|days|count|limit|budget|"
    r"provider|store|storage|backend|manager|scope|lifetime|attempts|id)s?$|"
    r"tokeniz|max_?tokens|^tokens$|secret[_.-]?ref|valuefrom|keyring"
)
_ELSEWHERE = (
    r"(?i)[$<%&*@!|>(\[]|\{(?!AQAAAB)|(?:vault|op|env|file|ref|sops|secretsmanager|ssm|keyvault|"
    r"awssm|gcpsm|doppler|bws|arn)[:+]|enc[\[(:]|encrypted:|projects/[^/]+/secrets/|"
    r"\.{0,2}/|~/|os\.|process\.|system\.|getenv|env\(|var\.|local\.|data\.|module\.|"
    r"random_|config\.|settings\.|secret:|!vault|age1|kms:"
)
# `{AQAAAB` begins what Jenkins keeps, and `secrets/master.key` opens.
_SAMPLE = (
    r"(?i)change[\s_.-]?(?:me|it|this)|chang[ei]|example|sample|your[\s_.-]|"
    r"y?our[a-z]*(?:key|token|secret|password)|my[_.-]?(?:secret|password|token|key)|"
    r"placeholder|dummy|fake(?![a-z0-9]*fake)|fixme|todo|replace|insert[_-]|redacted|"
    r"x{3,}|\*{2,}|\.{3,}|_{3,}|0{8,}|^1234567|^abcdef|fill[_-]?(?:me|in|this)|"
    r"not[\s_-]?(?:a[\s_-]?)?(?:real|secret|set|used|needed|configured)|"
    r"put[_-]|add[_-]your|enter[_-]|here$|<|>|lorem|foobar|(?:^|[_-])test(?:$|[_-])"
)
_SAID = """
    none null nil true false yes no on off password passwd pass secret token key
    test tests testing foo bar baz root admin postgres mysql redis user guest dev
    local default empty undefined string text hidden optional required basic bearer
    oauth minio minioadmin rabbitmq mongo app django rails laravel mariadb sa demo
    debug development production staging tbd n/a na invalid unused
"""
_WORDS = frozenset(_SAID.split())
# Beginnings of tokens, and what follows.
_TOKENS = {
    **dict.fromkeys(("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"[A-Za-z0-9]{30,}"),
    "github_pat_": r"[A-Za-z0-9_]{30,}",
    "glpat-": r"[\w-]{20,}",
    **dict.fromkeys(
        ("xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe-"), r"[\w-]{10,}"
    ),
    "xapp-": r"\d-[A-Za-z0-9-]{20,}",
    **dict.fromkeys(("sk_live_", "rk_live_"), r"[A-Za-z0-9]{16,}"),
    "whsec_": r"[A-Za-z0-9+/=]{24,}",
    **dict.fromkeys(("AKIA", "ASIA"), r"[A-Z0-9]{16}"),
    "npm_": r"[A-Za-z0-9]{30,}",
    "pypi-AgE": r"[\w-]{40,}",
    "SG.": r"[\w-]{16,}\.[\w-]{16,}",
    "sk-ant-": r"[\w-]{20,}",
    "sk-": r"(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{32,}",
    "hf_": r"[A-Za-z0-9]{30,}",
    **dict.fromkeys(("dop_v1_", "doo_v1_", "dor_v1_"), r"[a-f0-9]{40,}"),
    **dict.fromkeys(("shpat_", "shpca_", "shppa_", "shpss_"), r"[a-fA-F0-9]{30,}"),
    **dict.fromkeys(("hvs.", "hvb."), r"[\w-]{20,}"),
    **dict.fromkeys(("dckr_pat_", "dckr_oat_"), r"[\w-]{20,}"),
    "rubygems_": r"[a-f0-9]{40,}",
    "GOCSPX-": r"[\w-]{20,}",
    "ya29.": r"[\w-]{20,}",
    "sntrys_": r"[\w+/=]{20,}",
    "dapi": r"[a-f0-9]{32}",
    "lin_api_": r"[A-Za-z0-9]{30,}",
    "PMAK-": r"[a-f0-9-]{40,}",
    "AGE-SECRET-KEY-1": r"[A-Z0-9]{40,}",
    "sbp_": r"[a-f0-9]{40}",
    "pul-": r"[a-f0-9]{40}",
    "FlyV1 fm": r"\d_[\w+/=,-]{20,}",
    **dict.fromkeys(("dp.pt.", "dp.st.", "dp.ct."), r"[\w.]{20,}"),
    "nfp_": r"[A-Za-z0-9]{30,}",
    "rnd_": r"[A-Za-z0-9]{20,}",
    "tskey-": r"[\w-]{16,}",
    "https://hooks.slack.com/services/T": r"[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]{16,}",
    "com/api/webhooks/": r"\d{10,}/[\w-]{30,}",
    ":AA": r"[\w-]{32,}",
}
_URL_LOGIN = r"(?<=[a-zA-Z0-9+.-])://([^\s/:@\"'<>${}]*):([^\s/@\"'<>]+)@[\w\[]"
SHORTEST = 4
# Of a text that is no plain word; a person's password may be as short.
STRICTLY_SHORTEST = 8
# Beyond that no name is one, and the rest of a value tells no more: the expressions
# try the words that they look for at every place, up to the end.
LONGEST_NAME = 128
LONGEST = 512


def asks_for_secret(name: str) -> bool:
    """Whether the value under this name is a secret, as `DB_PASSWORD` has one."""
    if len(name) > LONGEST_NAME:
        return False
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return bool(re.search(_ASKS, spaced)) and not re.search(_ASKS_NOT, spaced)


def is_value(text: str, *, strict: bool = False) -> bool:
    """Whether a text could be a secret: none of a sample, and no way to one.

    `strict`: a plain word is none, as labels and translations have.
    """
    text = text.strip().strip("\"'`").strip()[:LONGEST]
    if len(text) < SHORTEST or text.lower() in _WORDS:
        return False
    if (
        re.match(_ELSEWHERE, text)
        or re.search(_SAMPLE, text)
        or "${" in text
        or "{{" in text
    ):
        return False
    if any(map(str.isspace, text)) or len(set(text)) < 3:
        return False
    if re.fullmatch(r"\d{1,7}[smhd]?|[\d.]+|\d{4}-\d\d-\d\d.*", text):
        return False
    return not strict or _is_no_word(text)


def _is_no_word(text: str) -> bool:
    """Whether it is more than words: with digits in it, or long and of mixed kinds."""
    if len(text) < STRICTLY_SHORTEST or not text.isascii():
        return False
    letters = any(map(str.isalpha, text))
    digits = sum(map(str.isdigit, text))
    if letters and digits >= 2:
        return True
    parts = re.split(r"[\W_]+", text)
    return len(text) >= 20 and letters and len(parts) > 1 and max(map(len, parts)) >= 12


def has_token(text: str) -> bool:
    """Whether the token of a known service stands in a text."""
    # Most texts have none of the beginnings: no expression is compiled for them.
    return any(
        not _is_sample_token(found[0])
        for start, rest in _TOKENS.items()
        if start in text
        for found in re.finditer(_token(start, rest), text)
    )


def _token(start: str, rest: str) -> str:
    before = r"(?<=\d{8})" if start == ":AA" else r"(?<![A-Za-z0-9_-])"
    if start.startswith("com/"):
        before = r"discord(?:app)?\."
    return before + re.escape(start) + rest


def _is_sample_token(token: str) -> bool:
    sample = re.search(r"(?i)example|x{4,}|\*{3,}|your|placeholder|0{8,}|\.{3}", token)
    return sample is not None or len(set(token[8:])) < 5


def has_url_login(text: str) -> bool:
    """Whether an address with a password in it stands in a text."""
    return any(
        is_value(found[2]) and not _is_default(found[1], found[2])
        for found in re.finditer(_URL_LOGIN, text)
    )


def _is_default(user: str, password: str) -> bool:
    """`app:app@`: what everybody has on this machine."""
    return user.lower() == password.lower()
