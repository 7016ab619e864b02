"""The report as a page: one file that a browser shows, with nothing from elsewhere.

In this room:

    html     the page put together, under a policy that lets nothing else in
    content  what it shows, as JSON
    packing  columns of numbers that take little room in it

The rest is the page's own: `page.html` with its style, and scripts that are put one
behind the other: `squarify`, `text`, `sums`, `treemap`, `page`.
"""
