"""The walk over a folder of the disk.

In this room:

    walk        one folder after the other, as judged batches
    workers     work shared out to forked processes
    processors  how many of them
"""
