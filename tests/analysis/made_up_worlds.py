"""A made-up country of 33 places and two runs on it."""

from __future__ import annotations

import numpy as np

from analysis.plots.country_map import Geography
from analysis.plots.two_worlds import World

# Rough positions, as crowded as those of a real country.
_PLACES = """Alpha 29.36 -3.37|Beta 29.54 -2.85|Gamma 29.34 -2.88|Delta 29.12 -2.89
Epsilon 29.70 -3.51|Zeta 30.50 -3.46|Eta 29.44 -3.80|Theta 29.40 -3.09
Iota 29.45 -3.30|Kappa 29.61 -3.27|Lambda 29.63 -2.93|Mu 29.44 -3.97
Nu 29.62 -3.95|Xi 29.99 -3.93|Omicron 29.80 -4.14|Pi 29.92 -3.43
Rho 30.16 -3.10|Sigma 30.25 -3.48|Tau 30.55 -3.22|Upsilon 30.34 -2.85
Phi 30.09 -2.59|Chi 29.82 -2.91|Psi 30.14 -2.82|Omega 30.00 -3.60
Commune_of_Ones 29.77 -4.27"""
_ABROAD = "Harbour 29.69 -4.49|Camp_North 30.83 -2.30|Camp_East 30.78 -3.69|Camp_South 30.39 -4.23|\
Camp_Far 30.95 -0.78|Camp_West 28.90 -4.10"


def make_geography() -> Geography:
    """Return the country, each place joined to its two nearest neighbours."""
    rows = [text.split() for text in (_PLACES.replace("\n", "|") + "|" + _ABROAD).split("|")]
    east, north = (np.array([float(row[i]) for row in rows]) for i in (1, 2))
    gap = np.hypot(east[:, None] - east, north[:, None] - north) + 99 * np.eye(len(rows))
    near = np.argsort(gap, axis=1)[:, :2]
    return Geography(
        latitude=north,
        longitude=east,
        names=[row[0] for row in rows],
        abroad=np.arange(len(rows)) >= len(rows) - 6,
        road_from=np.repeat(np.arange(len(rows)), 2),
        road_to=near.ravel(),
    )


def make_world(title: str, *, size: float, troops: float, places: int = 31) -> World:
    """Return a run whose deaths are `size` times a fixed heavy-tailed pattern."""
    rng = np.random.default_rng(5)
    deaths = np.floor(size * rng.lognormal(2.5, 1.6, places) * (np.arange(places) < places - 6))
    displaced = np.floor(size * rng.lognormal(6, 1.2, places))
    peacekeepers = np.where(rng.random(places) < 0.25, troops, 0.0)
    wave = np.exp(-((np.arange(156) - 50.0) ** 2) / 300)
    return World(
        title=title,
        deaths=deaths,
        displaced=displaced,
        peacekeepers=peacekeepers,
        weekly_deaths=deaths.sum() * wave / wave.sum(),
        weekly_displaced=displaced.sum() * np.cumsum(wave) / wave.sum(),
    )
