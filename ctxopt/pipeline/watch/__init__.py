"""A build watched.

In this room:

    session       notices in, the report as of now and what happened out
    current       the build as it is now, measured again where it was touched
    telling       what a single change was, and what it means
    writer        what is written while watching, and taken back
    several       many builds watched at once, and each change told of each
    among         one of them: its session, or why it has none
    shared        the watches of many builds, each folder once
    polled_files  what a build depends on where no notice comes from
"""
