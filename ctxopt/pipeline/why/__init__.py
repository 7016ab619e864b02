"""Why paths are sent or not: a build prepared, single paths looked at, nothing walked.

In this room:

    asking    a request and paths as typed -> all that is told of them
    locating  a path as typed -> where it lies in the context, or that it does not
    paths     one path -> its answer
    meant     sources that may have been meant for what nothing takes
    outside   what to give to docker build for a path outside of the context
    others    what git, the other builder and ignore files out of force say of it
    sources   each source in turn -> what became of it
    logs      the log of a build -> what is told of each of its errors
"""
