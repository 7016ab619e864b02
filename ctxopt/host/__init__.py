"""Doors to the world outside: disk, processes, clock, network. No door imports another.

In this room:

    disk/        reading the inputs of a build, single paths, replacing a file
    walk/        folder by folder in the builder's order; processes that share it
    git/         a repository read without git
    watches/     word from the system that something changed
    docker/      a real docker, asked
    fleet/       many repositories: brought here, worked on, what is found kept
    plugin/      ctxopt as a plugin of docker's client

Below them all:

    docker_config  what the user's own configuration of docker says
"""
