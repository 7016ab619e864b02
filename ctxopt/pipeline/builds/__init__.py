"""All builds of a repository: found, measured side by side, told together.

In this room:

    measuring   builds -> what one walk tells of each
    report      the same with what is advised: the record that the views read
"""
