"""A build as its builder reads it; nothing walked.

In this room:

    reading  all that it begins with, read in one step: bytes, and errors as values
    prepare  what was read judged, in the order in which its builder refuses it
    build    what comes of it: roots, sources, what to measure
    neighbours  what else the ignore file serves: other stages and Dockerfiles
    traced   Dockerfiles that many builds ask about, each traced once
"""
