"""The check: one walk, and everything that can be found wrong.

* `checked`: a build as the families of rules read it: measured, advised, its texts.
* `sizes`: budgets, growth, clutter, what git does not track.
* `checking`: request and settings in, `CheckReport` out.
"""
