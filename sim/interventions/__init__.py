"""Measures: what outside actors and states can do, as small declarations on a common base."""

from sim.interventions.base import Declaration
from sim.interventions.catalogue import CATALOGUE
from sim.interventions.entries import read_measures
from sim.interventions.measure import (
    MEASURE_COLUMNS,
    Measure,
    X,
    listed_places,
    measure_table,
)

__all__ = [
    "CATALOGUE",
    "MEASURE_COLUMNS",
    "Declaration",
    "Measure",
    "X",
    "listed_places",
    "measure_table",
    "read_measures",
]
