"""A build watched.

In this room:

    session       notices in, the report as of now and what happened out
    telling       what a single change was
    polled_files  what a build depends on where no notice comes from
"""
