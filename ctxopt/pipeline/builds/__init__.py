"""All builds of a repository: found, measured side by side, told together.

In this room:

    finding     a folder -> its builds
    lying       Dockerfiles that no file names -> builds
    alike       builds of a matrix that take the same
    ignored     the folders that git ignores, where nobody looks
    enclosing   what builds of a stranger must not take
    comparison  what files say of builds, beside what docker says of them
    measuring   builds -> what one walk tells of each
    repeated    what the builds of one call send several times
    pictures    each of them drawn, for a page
    report      the same with what is advised: the record that the views read
    grouping    builds by the ignore file that they read
    advising    what to ignore for each ignore file: all its builds are heard
"""
