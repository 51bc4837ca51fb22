"""One figure a file: tables in, a matplotlib Figure out; `save` writes it as SVG and PNG.

Every figure takes first the tables that it draws, and all else by keyword, its `title` among it.
Figures of a sweep begin with `points`, the design, and a table by point, or with `surface`, which is
made of both; figures of a recorded run begin with `trace`. The same first arguments for all of them, a
name and stored results, has `experiments.figures.plot`. The figures themselves do not take results:

- results are read by `experiments`, which imports this package; imports run one way;
- a table that somebody made by other means can be drawn, too, as tests do;
- what takes seconds, the intervals of a surface, is computed once for all figures that show it.
"""
