"""Measures: what outside actors and states can do, as small declarations on a common base."""

from sim.interventions.base import MEASURE_COLUMNS, Declaration, Measure, X, measure_table
from sim.interventions.catalogue import CATALOGUE, read_measures

__all__ = [
    "CATALOGUE",
    "MEASURE_COLUMNS",
    "Declaration",
    "Measure",
    "X",
    "measure_table",
    "read_measures",
]
