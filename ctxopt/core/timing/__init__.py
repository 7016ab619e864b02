"""From what a build sends to the seconds that takes: an estimate, never a promise.

In this room:

    models     seconds of a load, by profile
    fit        a model fitted to transfers that were measured
    buildlog   the transfers that a build's log tells of
    progress   what a line of BuildKit's progress tells
    bandwidth  `20Mbit`, as people write it
"""
