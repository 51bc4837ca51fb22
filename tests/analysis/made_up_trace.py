"""A made-up recorded pair of runs on the made-up country: help comes, and violence is shorter."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from made_up_worlds import make_geography

from analysis.trace import BASELINE, TREATMENT, Trace

ACTORS = ("united_nations", "neighbour", "donor_state")
GROUPS = ("state_forces", "militia")
WEEKS, SHOCK, OPENS = 60, 10, 14
_WORLD = (
    "killed", "displaced", "troops_deployed", "mediation", "agreement", "threat", "consent",
    "mandate_week", "mandate_scale", "policy_pressure", "policy_protection",
)  # fmt: skip


def make_trace(*, weeks: int = WEEKS, quiet: bool = False, actors: int = 3) -> Trace:
    """Return a recorded pair; with `quiet` nothing happens in either run."""
    geography = make_geography()
    places = pd.DataFrame(
        {
            "place": list(geography.names),
            "latitude": geography.latitude,
            "longitude": geography.longitude,
            "abroad": geography.abroad,
        }
    )
    roads = pd.DataFrame({"start": geography.road_from, "end": geography.road_to})
    arms = [_arm(arm, weeks, quiet, actors, places) for arm in (TREATMENT, BASELINE)]
    tables = {name: pd.concat([arm[name] for arm in arms], ignore_index=True) for name in arms[0]}
    about: dict[str, Any] = {
        "country": "Made-up", "point": "p0", "label": "start +4, divided", "replicate": 3,
        "rule": "the first of 100 pairs whose baseline becomes a mass killing", "seed": 1,
        "weeks": weeks, "shock_week": min(SHOCK, weeks - 1), "open_week": float(OPENS),
        "shocks": [{"week": SHOCK, "kind": "coup"}],
        "doses": {"troops_requested": "peacekeepers", "mediation": "share"}, "endings": {},
    }  # fmt: skip
    return Trace(about=about, tables={"places": places, "roads": roads, **tables})


def _arm(
    arm: str, weeks: int, quiet: bool, actors: int, places: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    week = np.arange(weeks)
    acts = arm == TREATMENT and not quiet
    lasts = 12 if acts else 30
    violent = (week >= SHOCK) & (week < SHOCK + lasts) & (not quiet)
    helped = np.clip((week - OPENS - 6) / 20, 0, 1) * acts
    home = ~places["abroad"].to_numpy()
    share = np.where(home, np.random.default_rng(5).lognormal(0, 1, len(places)), 0)
    share /= share.sum()
    killed = np.floor(np.cumsum(violent * 60.0)[:, None] * share)
    displaced = np.floor(np.cumsum(violent * 900.0)[:, None] * (share + 1 / len(places)) / 2)
    troops = np.floor(600 * helped[:, None] * share)
    held = np.where(week >= OPENS + 20, OPENS + 20, np.where(week >= OPENS, OPENS, -1)) * 1.0
    held = np.where(acts, held, -1.0)
    scale = np.where(held < 0, 0.0, np.where(held > OPENS, 0.8, 0.4))
    columns = (
        killed.sum(axis=1), displaced.sum(axis=1), troops.sum(axis=1), 0.5 * helped,
        (week > 45) * 1.0 * acts, 0.2 + 0.5 * violent, np.full(weeks, 0.3), held, scale,
        0.6 * scale, 0.2 * scale,
    )  # fmt: skip
    world = pd.DataFrame({"arm": arm, "week": week, **dict(zip(_WORLD, columns, strict=True))})
    return {
        "world": world,
        "communities": _agents(
            arm, week, "place", range(len(places)), killed=killed, displaced=displaced,
            peacekeepers=troops,
        ),
        "armed_groups": _agents(
            arm, week, "armed_group", GROUPS,
            order=np.stack([violent * 2.0, violent * 1.0], axis=1),
            attacks=np.stack([violent * 4.0, np.zeros(weeks)], axis=1),
        ),
        "actors": _agents(
            arm, week, "actor", ACTORS[:actors],
            position_pressure=np.tile([0.6, 0.1, 0.9][:actors], (weeks, 1)),
            position_protection=np.tile([0.2, 0.3, 0.8][:actors], (weeks, 1)),
            weight=np.tile([0.5, 0.3, 0.2][:actors], (weeks, 1)),
            veto=np.tile([1.0, 0, 0][:actors], (weeks, 1)),
            attention=np.outer(0.2 + 0.6 * violent, [1, 0.5, 0.3][:actors]),
            outside=np.outer(helped, [0.0, 0.01, 0.5][:actors]),
            forum=np.outer(helped > 0.5, [0, 1.0, 0][:actors]),
        ),
    }  # fmt: skip


def _agents(arm: str, week: np.ndarray, key: str, names: Any, **fields: np.ndarray) -> pd.DataFrame:
    count = len(names)
    return pd.DataFrame(
        {
            "arm": arm,
            "week": np.repeat(week, count),
            key: np.tile(np.array(list(names)), week.size),
            **{name: np.asarray(values, dtype=float).ravel() for name, values in fields.items()},
        }
    )
