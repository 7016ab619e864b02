"""The report of all builds of a repository, for people or for programs.

In this room:

    text          the whole page
    header        what was found and chosen, and why a context was taken
    table         a row a build, and the sums
    columns       how wide each column is, and which give way
    outcome       what the suggestions come to together; what to type next
    ignore_files  the suggestions, for each file that would be written
    sent_twice    folders that one call sends several times
    problems      what is wrong, with the builds that have it
    names         builds and places named in a sentence
    json          schema ctxopt/scan-all/1
    markdown      a summary for a pull request
"""
