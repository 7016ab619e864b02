"""Whether a file holds a secret, from its path and the start of its content.

In this room:

    places   what is never looked into, and names of which the content decides
    values   whether a name asks for a secret, and whether a text is one
    pairs    names and values, as settings of all kinds have them
    keys     private keys and the stores that they lie in
    logins   tokens and passwords of one user or one service
    looks    the tests by the names that `rules.toml` calls them

Nothing here hands on a value: all answers are yes or no.
"""
