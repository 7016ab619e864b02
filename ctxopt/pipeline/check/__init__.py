"""The check: one walk, and everything that can be found wrong.

* `checked`: a build as the families of rules read it: measured, advised, its texts.
* `checking`: request and settings in, `CheckReport` out.
"""
