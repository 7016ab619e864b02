"""Lines of styled spans, and the terminal that they go to.

In this room:

    layout      spans, lines, wrapping, bars
    formatting  bytes, counts, codes and names as words
    output      lines onto a stream
    progress    one line while a long walk, or what follows it, goes on
    keys        single keys
    mode        what is taken of the terminal and given back
"""
