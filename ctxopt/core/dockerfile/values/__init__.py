"""Values that are judged when an instruction is executed.

In this room:

    checks     modes, ports, signals, checksums
    giturl     which sources are git repositories
    platforms  `linux/arm64` and the automatic arguments
    reference  the names of images
"""
