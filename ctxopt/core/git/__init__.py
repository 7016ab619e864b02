"""What git's own files say, as values: see `host/git` for who reads them.

line   one line of an ignore file of git
"""
