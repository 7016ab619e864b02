"""The rules of a check by their hundreds, a file each.

A file has the findings that only a check makes, and `RULES`: one `CheckRule` a number.
Findings that a scan makes, too, are those of `core/findings/codes`.

* `own` (0xx), `breaks` (1xx), `ignore_file` (2xx), `size` (3xx), `secrets` (4xx),
  `cache` (5xx), `arrival` (6xx), `dockerfile` (7xx).
"""
