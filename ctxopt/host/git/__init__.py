"""A repository, read without a git program.

In this room:

    repository  where its files are
    head        which commit it is at
    index       which files it tracks
    tracking    whether it tracks one path
    ignored     which entries it ignores, and the line that says so
    lines       the same beside a walk
    asked       the same of a path that need not be there
"""
