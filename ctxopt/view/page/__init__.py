"""The report as a page: one file that a browser shows, with nothing from elsewhere.

In this room:

    html     the page put together
    sealed   a page of one file, under a policy that lets nothing else in; for any page
    content  what it shows, as JSON: a build for each tab, as many as there is room for
    build    one of them; `drawing` draws, `choosing` has suggestions, `facts` the rest
    sharing  what several builds have in common, once
    packing  columns of numbers that take little room in it
    shown    what of names and words can be shown

Any page has the head and the seal of `frame.html`, and the style of `base.css`. The
rest is the page's own: `page.html` with `page.css`, and scripts that are put one behind
the other, `page.js` last:

    words, elements        sizes and counts in words; what is found and made on a page
    squarify, treemap      rectangles for weights, cells for the spots of a folder
    text, sums             the ignore file; what any choice comes to
    reading, weighing      the content, and what of it is asked again and again
    picture, table, choosing, facts    what is drawn of it, and what listens
"""
