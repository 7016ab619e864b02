"""An ignore file as text: kept byte for byte, changed only in ctxopt's block.

In this room:

    lines  read as Docker reads it, written back unchanged
    block  the marked block: put in, grown, read and taken out
    covered lines that say nothing beside the others
    diff   two states as a unified diff
    keeping which line keeps a path out, and from whom
    idle   files that look like the ignore file in force, and are not
    odd    lines that do not mean what they seem to
    covering, alike, dead  lines without which nothing would be another
    unmatched  lines that match nothing that is there, and slips among them
    repair the line that brings back what is kept out
"""
