"""The fold: judged entries in, sizes out.

    fold           batches in the builder's order; parts of other folds joined
    runs           the loop over all rows: plain files counted together
    singles        every other entry, one at a time
    folders        the folders that the fold is in; those that are sent late
    ledger         what is added up so far, and what the sources take of it
    stream         the entries of one transfer as sums; late ids settled
    linked         entries with other names: how many bytes a hard link weighs
    packets        packets of each entry, a byte each
    beside         files that each of two lets through
    parts          a folder measured on its own, to be joined later
    result         a whole root measured
    places         the largest folders and files
    clutter        what may not belong in the context; clutter_match is one of it
    remainder      what is sent when some of it stays at home
    listing        the same batches as lines of `ls`
    wire           how a builder weighs entries

Whatever depends on what came before is settled when parts are joined, so that one fold
serves one process, several, and `watch`.
"""
