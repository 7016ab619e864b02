"""One root measured: the walk driven into the fold.

In this room:

    job          what to measure, and the result
    beside       what two builders let through, side by side
    folding      a walk folded as it goes, or in parts that are joined
    survey       by one process or several
    stretches    what one process leaves to others
    sharing      shared out to workers, joined in order
    several      several jobs measured in one walk
    jointly      that walk driven, by one process or several
    strands      the folds of that walk, joined where jobs agree
    kept         what is kept of a folder: segments, and larger folders in them
    rounds       one walk through what was touched of it
    read_top     the top of a tree, read before a round comes to it
    shared_round such a walk through all, shared out to workers
    incremental  kept in parts, of which only what changed is measured again
"""
