"""Expressions become values.

    values       the kinds of values, and how one becomes another
    operators    `+`, `==`, `&&` and their kin
    evaluating   the walk over an expression, among the names of a scope

For example, `"${1 + 1}-x"` is "2-x". An error knows the place it is about.
"""
