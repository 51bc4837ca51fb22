"""Designs, sweeps and their stored results; the command line of Forestall."""
