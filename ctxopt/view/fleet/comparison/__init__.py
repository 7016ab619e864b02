"""Two reports of a fleet compared, a module for each form; all take the same record.

* `text`: for a terminal; what got worse first, then what got better.
* `json`: schema ctxopt/fleet-diff/1.
* `markdown`: for an issue, or the summary of a job.
* `words`: what they have in common.
"""
