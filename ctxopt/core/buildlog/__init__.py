"""What docker's output tells of a build that failed, and whether that is the context.

    lines      the lines as docker printed them, without what a terminal or CI adds
    errors     the records: what stopped a build, and where
    messages   the table: each message that docker prints, and what it means
    steps      the steps of the build, and the Dockerfile's lines shown with an error
    reading    the text of a log to its errors

`reading.read_log` is the way in. For example, `#4 ERROR: failed to calculate checksum
of ref x: "/config.yml": not found` says that a source was not found, "config.yml", of
the step that `#4` names.
"""
