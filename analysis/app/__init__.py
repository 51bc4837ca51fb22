"""The page to teach with: the one part of the analysis that also runs the model.

`shown` is what is on a screen, and the link that restores it; `pair` makes two worlds of it and
`course` runs them week by week on the Mesa engine. On the compiled engine, each as a `job` in the
background, `spread` runs two hundred chances of them, and `parts` the same with one mechanism after
the other off. Files that end in `_svg` draw; `page` and the files beside it lay out and listen;
`server` is the door.
"""
