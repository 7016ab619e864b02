"""What a check found, a module for each `--format`.

* `text`: by file, the line shown, the place marked, the cure below; a summary.
* `alike`: many findings of one rule, of which `text` shows a few.
* `builds`: of which of several builds something is said.
* `statistics`: how often each rule found something.
* `json`: schema `ctxopt/check/1`.
* `sarif`, `github`, `gitlab`, `checkstyle`, `junit`, `markdown`: what others read.
* `mending`: what `--fix` writes, as diffs, and what it leaves.
* `explaining`: one rule, and the list of all, for `ctxopt explain` and `--list`.

All take the same `CheckReport`.
"""
