"""The system's word that something changed, in folders chosen one by one.

In this room:

    watches   what is watched; how inotify's limit is met, and what is polled instead
    inotify   the events of Linux, one watch a folder
    observer  the events of other systems
    polled    which folders are polled, and when
    polling   folders listed and compared
    reasons   why folders are polled, in words
    sleeper   sleep until there is something to read
    mounts    file systems that keep silent
    notice    what is said of one change
"""
