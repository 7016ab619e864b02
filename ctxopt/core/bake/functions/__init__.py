"""The functions of bake, by what they are about; `table` has them by name.

    text, patterns, lists, numbers   as their names say
    encoding, formatting, versions   JSON and hashes; `format`; `semvercmp`
    types                            types by name, and `convert`
    table                            all of them, and those whose value is unknown

For example, `table.builtin("upper")("a")` is "A".
"""
