"""A measured build as a picture of its context: where bytes lie, and what may go.

In this room:

    records  the values, for whoever draws them
    layers   spans of suggestions in a stream, each position with all that takes it
    courses  a stream in stretches: what is left of it with any choice of suggestions
    spots    the heaviest folders and files, and the rest summed up
    coarser  the same with fewer of them, nothing lost
    states   what becomes of a place: named, swept in, sent for nobody, not sent
    lines    the text of the ignore file in the pieces that any choice is made of
"""
