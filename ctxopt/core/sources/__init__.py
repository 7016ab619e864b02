"""What COPY, ADD and mounts name in the context, and what they take of it.

In this room:

    wanted    a source as its builder reads it, and what must be sent for it
    targets   where on the disk it leads, links followed, before the walk
    sweeps    those of wildcards alone, which name nothing
    wildcards what a pattern matches on the disk
    claims    folder by folder: which sources take an entry
    excluding patterns of `--exclude` that are refused, at once or late
    outcomes  afterwards: found, empty, missing, ignored or outside
    together  what the sources of one instruction bring, and to where
    overlay   what copies make of a stage's files, and where two of them clash
    reach     how far a file goes: into the image, or a stage on the way
    links     following symbolic links
    nearby    what was likely meant by a source that is not there
    misread   words of an instruction that the builder reads otherwise
    elsewhere a folder outside of the context, given as a context of its own
    tree      questions about single paths, for this and for the rules
    limited   a tree that answers only so many of them
"""
