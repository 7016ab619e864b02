"""The check: one walk, and everything that can be found wrong.

* `checked`: a build as the families of rules read it: measured, advised, its texts.
* `ignore_file`: the family that reads the lines of the ignore files.
* `kaniko`: that Kaniko builds here, too.
* `repairs`: the fixes of sources that are not found.
* `mending`: fixes tried out with both builders, and written.
* `sizes`: budgets, growth, clutter, what git does not track.
* `cache`: CTX5xx, what makes layers anew without need.
* `dockerfile`: CTX7xx, advice on the Dockerfile itself.
* `checking`: request and settings in, `CheckReport` out.
* `several`: the same for all builds of a repository, measured side by side.
"""
