"""Many repositories: where they are, what came of each, and of all of them.

In this room:

    records     a source, a line of the report, totals
    addresses   what names a repository -> a source with a name of its own
    lists       a file of such words
    rows        what came of one repository, as the object that is kept of it
    totals      lines in their order, their sums, and what these come to in a week
    comparing   what became of a fleet between two reports
"""
