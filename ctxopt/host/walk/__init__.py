"""The walk over a folder of the disk.

In this room:

    walk        one folder after the other, as judged batches
    several     several views of a tree in one walk, as events
    names       names and kinds alone, nothing looked at
    disk        what is asked of the system: names, looks, attributes
    workers     work shared out to forked processes
    processors  how many of them
"""
