"""Made-up tables of what reports draw: facts with bands, lessons with verdicts, a calibration."""

from __future__ import annotations

import numpy as np
import pandas as pd

INF, NAN = float("inf"), float("nan")

FACTS = pd.DataFrame(
    [
        ("A1 share that escalates", "onset", 0.30, 0.25, 0.36, 0.2, 0.6, False, "reproduced"),
        ("A2 ratio of means", "onset", 8.0, 6.0, 9.5, 2.0, 4.0, True, "missed"),
        ("A3 deaths in a year", "onset", 90.0, 40.0, 160.0, 100.0, INF, False, "undecidable"),
        ("B1 weeks to the end", "duration", 55.0, 50.0, 61.0, -INF, 50.0, False, "undecidable"),
        ("B2 far away", "duration", 900.0, 880.0, 950.0, 10.0, 20.0, False, "missed"),
        ("B3 no band", "duration", 3.0, 2.0, 4.0, -INF, INF, False, "reported"),
        ("B4 no run of that kind", "duration", NAN, NAN, NAN, 0.1, 0.4, False, "undecidable"),
    ],
    columns=[
        "label", "family", "value", "low", "high", "band_low", "band_high", "log", "status",
    ],
).assign(statistic="a statistic in some words that say what is counted and over what")  # fmt: skip

SHARES = pd.DataFrame(
    [
        ("L1", "Earlier is better", "prior", "holds", -0.42, -0.55, -0.30, 0.81, 0.15, 0.04),
        ("L1", "Earlier is better", "posterior", "holds", -0.61, -0.70, -0.52, 0.93, 0.07, 0.0),
        ("L2", "Unity helps", "prior", "cannot be decided", -0.05, -0.2, 0.1, 0.2, 0.65, 0.15),
        ("L2", "Unity helps", "posterior", "reverses", 0.31, 0.2, 0.42, 0.0, 0.0, 1.0),
    ],
    columns=[
        "lesson", "title", "ensemble", "verdict", "effect", "effect_low", "effect_high", "holds",
        "undecided", "reverses",
    ],
)  # fmt: skip

CONDITIONS = pd.DataFrame(
    [
        ("L1", "Earlier is better", "main", "main", -0.4, -0.5, -0.3, -1.2, 0.2),
        ("L1", "Earlier is better", "without_forums", "mediator", -0.1, -0.2, 0.05, -0.8, 0.3),
        ("L1", "Earlier is better", "placebo", "placebo", 0.0, 0.0, 0.0, NAN, NAN),
        ("L2", "Unity helps", "main", "main", 0.3, 0.2, 0.42, -0.5, 0.9),
        ("L2", "Unity helps", "placebo", "placebo", 0.01, -0.02, 0.04, -0.1, 0.1),
    ],
    columns=[
        "lesson", "title", "condition", "kind", "effect", "effect_low", "effect_high", "sets_low",
        "sets_high",
    ],
)  # fmt: skip

PARAMETERS = pd.DataFrame(
    [
        ("fear_fade", 0.02, 0.05, 0.09, 0.0, 0.2, "linear", 0.55),
        ("cost_kill", 0.1, 1.0, 10.0, 0.01, 100.0, "log", 0.70),
        ("idle", 0.05, 0.5, 0.95, 0.0, 1.0, "linear", -0.02),
    ],
    columns=[
        "parameter", "low", "median", "high", "prior_low", "prior_high", "scale", "contraction",
    ],
)  # fmt: skip
CHECKS = pd.DataFrame(
    [
        ("A1", 0.2, 0.3, 0.4, 0.1, 0.5, "linear", 0.97),
        ("A2", 1.0, 10.0, 100.0, 1.0, 100.0, "log", 0.60),
        ("B1", 50.0, 60.0, 70.0, 10.0, 20.0, "linear", 0.0),
        ("B2", NAN, NAN, NAN, 0.0, 1.0, "linear", 0.0),
    ],
    columns=["fact", "low", "median", "high", "band_low", "band_high", "scale", "within"],
)
COVERAGE = pd.DataFrame(
    {"parameter": PARAMETERS["parameter"], "covered": [0.9, 0.75, 0.98], "truths": 40}
)


def made_up_sample(points: int = 100) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Return a surface of a sample over two factors, and these factors."""
    rng = np.random.default_rng(8)
    depth, fade = rng.random(points), 10 ** rng.uniform(-3, -1, points)
    surface = pd.DataFrame(
        {
            "parameters.depth": depth, "parameters.fade": fade, "n": 20,
            "p_mass_killing": 0.5 * depth, "baseline_p_mass_killing": 0.5 + 0 * depth,
        }
    )  # fmt: skip
    factors: list[dict[str, object]] = [
        {"name": "parameters.depth", "unit": "share", "low": 0.0, "high": 1.0, "scale": "linear"},
        {"name": "parameters.fade", "unit": "share per week", "low": 1e-3, "high": 0.1,
         "scale": "log"},
    ]  # fmt: skip
    return surface, factors
