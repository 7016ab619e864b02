"""From the bytes of a Dockerfile to its instructions.

In this room:

    lines         directives, comments, continuations, heredocs
    words         one line: instruction, flags and arguments
    instructions  what each instruction demands of them
    mounts        the values of `RUN --mount`
    parse         all of it: bytes in, a Dockerfile out
    nearest       the known word that a mistyped one may have meant
"""
