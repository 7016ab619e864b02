"""The text of a bake file, in HCL or JSON, becomes settings and blocks with places.

    nodes         what a file is made of
    scanner       a cursor over text; blanks, comments, how deep it goes
    expressions   values and what is done with them
    templates     text with values in it; heredocs
    bodies        a file of HCL
    json_bodies   a file of JSON

For example, `bodies.read_hcl('a = "x"', "f.hcl")` has one setting, at f.hcl:1.
"""
