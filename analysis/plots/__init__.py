"""One figure a file: tables in, a matplotlib Figure out; `save` writes it as SVG and PNG."""
