"""How fast ctxopt is, and how much memory it takes: README.md says how to ask.

__main__       the command: rounds, then the table
rows           what the table says: figures and goals
contexts       what is measured: contexts, and the commands run on them
crossing       trees of several sizes, beside docker-devtools
measure        seconds, first bytes and memory of a command
matching       the patterns alone, without a disk
advice         what suggestions cost
builds         ten builds in one walk
markdown       tables
rival          docker-devtools, in an environment of its own
tree           the tree
transfer_time  what transfers take with a real engine; a command of its own
"""
