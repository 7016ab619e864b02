"""Docker's patterns: what one means, and many matched in one descent.

    pattern     one effective line: its text, its traps, when a builder refuses it
    compile     what the text matches, as components; the rule for `**` is here
    expressions the same of a Go expression, where names and stars do not do
    plans       components and positions: many patterns in one row of bits
    ready       tests that were made beforehand, as constants
    matcher     ordered patterns, the last match wins: verdict and trace
    globs       a wildcard of COPY, compiled likewise
    multimatch  patterns without an order: which of them match
    examples    a path that a pattern stands for
    escaping    a path as the pattern that matches it and nothing else

The descent is proved equal to Docker's own code by the tests; change `compile` and
`plans` only with those.
"""
