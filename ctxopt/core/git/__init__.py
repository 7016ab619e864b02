"""What git's own files say, as values: see `host/git` for who reads them.

In this room:

    line         one line of an ignore file of git
    tracked      what git tracks
    ignorelines  what is in such a file, as pathspec reads it
    translate    the same for an ignore file of docker, where that can be said
"""
