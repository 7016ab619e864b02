"""Many repositories: where they lie, who works on them, where what is found is kept.

In this room:

    lying       the repositories that a folder holds
    cloning     one brought here by git
    git         how git is run for it
    station     a process that does each piece of work in a copy of itself
    cluster     dask's workers
    store       the folder of a report
"""
