"""CTX4xx: files with a secret in them, by how far they go."""

from __future__ import annotations

from ctxopt.core.checking.records import CheckRule
from ctxopt.core.findings import codes

_REACH = (
    " What COPY takes stays in a layer for everyone who can pull the image, also where"
    " a later RUN deletes it."
)

RULES = (
    CheckRule(
        "CTX401",
        codes.SECRET_KEY,
        why="A private key opens what its owner can open." + _REACH,
        example="COPY . .    (deploy/id_ed25519 is a private key)",
        better=".dockerignore   **/id_ed25519\nRUN --mount=type=ssh git clone …",
    ),
    CheckRule(
        "CTX402",
        codes.SECRET_TOKEN,
        why="A token is a password that nobody is asked for." + _REACH,
        example="COPY . .    (.npmrc has _authToken)",
        better="RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci",
    ),
    CheckRule(
        "CTX403",
        codes.SECRET_ENV,
        why="An environment file is for running, not for building." + _REACH,
        example="COPY . .    (.env has DB_PASSWORD)",
        better=".dockerignore   **/.env",
    ),
    CheckRule(
        "CTX404",
        codes.SECRET_SETTINGS,
        why="Settings with passwords belong to one place where the program runs."
        + _REACH,
        example="COPY . .    (settings.local.json has a password)",
        better=".dockerignore   **/settings.local.json",
    ),
    CheckRule(
        "CTX405",
        codes.SECRET_STATE,
        why="Terraform writes what it sets up into its state, passwords included."
        + _REACH,
        example="COPY . .    (terraform.tfstate)",
        better=".dockerignore   **/*.tfstate*",
    ),
    CheckRule(
        "CTX406",
        codes.SECRET_PROFILE,
        why="A browser's or a password manager's folder means that the context is a"
        " home folder." + _REACH,
        example="docker build ~",
        better="docker build ~/project",
    ),
    CheckRule(
        "CTX407",
        codes.SECRETS_UNREAD,
        why="ctxopt looks into the first part of a bounded number of files; beyond that"
        " nothing is said of secrets.",
        example="COPY . .    (20,000 files of settings)",
        better=".dockerignore   data",
    ),
)
