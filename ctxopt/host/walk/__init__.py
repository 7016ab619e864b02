"""The walk over a folder of the disk.

In this room:

    walk        one folder after the other, as judged batches
    several     several views of a tree in one walk, as events
    views       who goes along in it, and what these events are
    minds       who judges the names of a folder: those together who decide alike
    names       names and kinds alone, nothing looked at
    disk        what is asked of the system: names, looks, attributes
    workers     work shared out to forked processes
    processors  how many of them
"""
