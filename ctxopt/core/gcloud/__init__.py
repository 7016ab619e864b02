"""What `gcloud builds submit` uploads of a folder, by its `.gcloudignore`.

    patterns  one line, and whether it matches a path
    chooser   all lines of a folder, with what they include, and what stands for none

Not a builder: gcloud reads no Dockerfile, and sends the folder to where it is built.
"""

from __future__ import annotations

from ctxopt.core.gcloud.chooser import (
    GIT_FILES,
    GIT_IGNORE_FILE,
    IGNORE_FILE,
    FileChooser,
    IncludeError,
    chooser_of,
)

__all__ = [
    "GIT_FILES",
    "GIT_IGNORE_FILE",
    "IGNORE_FILE",
    "FileChooser",
    "IncludeError",
    "chooser_of",
]
