"""Many repositories: where they are, what came of each, and of all of them.

In this room:

    records     a source, a line of the report, totals
"""
