"""``forestall trace``: one stored run and its baseline, run again and recorded week by week.

Stored results hold outcomes and weekly totals of every run; a map or a timeline needs more of one. This
records it beside the results, and checks that it is the run that was stored, to the bit.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.command import DONE, OneLineParser, run_command
from sim.errors import ForestallError, bad_value

if TYPE_CHECKING:
    from analysis.trace import Trace
    from experiments.results import Results
    from sim.ensemble.ensemble import Batch
    from sim.scenario import Scenario

FOLDER, ABOUT = "trace", "about.json"
_HELP = """\
Record one run of stored results, with action and without it on the same random numbers: every place,
actor and armed group, week by week. forestall plot draws maps and timelines of it. The run is an
illustration and no evidence.

  forestall trace results/timing_unity-0123abcd
  forestall trace RESULTS action.start=26 actors.dispersion=1 --replicate 8

Without values of levers it is the earliest and most united point of the design; without --replicate
the first run whose baseline becomes a mass killing, or, if none does, the one with most deaths in the
baseline. It is written to RESULTS/trace and replaces what is there.
"""


def main(argv: Sequence[str]) -> int:
    """Record a run from command-line arguments; exit code as in `experiments.command`."""
    asked = _parser().parse_intermixed_args(list(argv))
    if asked.replicate is not None and asked.replicate < 0:
        raise bad_value("--replicate", asked.replicate, "0 or more")
    from experiments import results
    from experiments.compare import points_with, read_levers

    found = results.open(asked.results.expanduser())
    points, _ = points_with(found.design, found.paired(), read_levers(asked.levers))
    trace = record(found, chosen_point(points), replicate=asked.replicate)
    print(f"{trace.about['label']}, replicate {trace.about['replicate']}: {trace.weeks} weeks")
    print(write(trace, found.path))
    return DONE


def chosen_point(points: pd.DataFrame) -> str:
    """Return the point to record of a design table: the earliest and most united one.

    Raises
    ------
    ForestallError
        Nobody acts in any of them.
    """
    from analysis.surface import contrasting_points

    corners = contrasting_points(points)
    if not corners:
        raise ForestallError("trace: the design has no point in which outside actors act")
    return corners[0]


def record(found: Results, point: str, *, replicate: int | None = None) -> Trace:
    """Run a stored run and its baseline again and return what happened.

    Parameters
    ----------
    found : the results.
    point : id of the treatment.
    replicate : None to let `experiments.explanation.telling_pair` select it by the baselines.

    Raises
    ------
    ForestallError
        The point is unknown, no run is stored, or the model has changed since.
    """
    from experiments.explanation import telling_pair
    from sim.ensemble import Ensemble

    pairs = found.paired()
    pairs = pairs[pairs["point"] == point].sort_values("replicate")
    rule = ""
    if replicate is None:
        if pairs.empty:
            raise ForestallError(f"{found.path}: no pair of runs of point {point} is stored yet")
        replicate, rule = telling_pair(pairs)
    scenarios = scenario_pair(found, point, replicate)
    batch = Ensemble(scenarios).start(
        np.arange(2), np.full(2, replicate), int(found.provenance["seed"])
    )
    tables = _tables(batch, scenarios[0])
    _refuse_another(found, pairs, replicate, batch.outcomes)
    return _trace(found, point, replicate, rule, scenarios[0], tables, batch.outcomes)


def scenario_pair(found: Results, point: str, replicate: int) -> tuple[Scenario, Scenario]:
    """Return the scenario of a point of stored results in a replicate, and that of its baseline."""
    from experiments.designs import design_of, scenario_of
    from experiments.resource_weeks import equalised

    known = {one.id: one for one in equalised(design_of(found.config), found.config).points}
    if point not in known:
        raise ForestallError(f"{found.path}: its configuration no longer makes point {point}")
    scenario = scenario_of(known[point].config, replicate=replicate)
    return scenario, scenario.baseline()


def write(trace: Trace, results: Path) -> Path:
    """Write a trace beside the results it is of, and return its folder."""
    import pyarrow as pa

    from experiments.chunks import write_aside
    from experiments.folder import parquet
    from experiments.store import writing

    folder = results / FOLDER
    with writing(results, "nothing is recorded there"):
        folder.mkdir(exist_ok=True)
        for name, table in trace.tables.items():
            write_aside(
                folder / f"{name}.parquet",
                parquet(pa.Table.from_pandas(table, preserve_index=False)),
            )
        write_aside(folder / ABOUT, json.dumps(dict(trace.about), indent=2).encode())
    return folder


def read(results: Path) -> Trace:
    """Return the run that is recorded beside some results.

    Raises
    ------
    ForestallError
        None is, or a file of it is damaged.
    """
    from analysis.trace import TABLES, Trace
    from experiments.bounded import content_of, json_of, table_of

    folder = results / FOLDER
    if not (folder / ABOUT).is_file():
        raise ForestallError(
            f"{results}: no run is recorded; forestall trace {results} records one"
        )
    try:
        about = json_of(content_of(folder / ABOUT))
        tables = {
            name: table_of(content_of(folder / f"{name}.parquet")).to_pandas() for name in TABLES
        }
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())[:80]
        raise ForestallError(f"{folder}: damaged, record the run again ({reason})") from None
    return Trace(about=about, tables=tables)


def _tables(batch: Batch, scenario: Scenario) -> dict[str, pd.DataFrame]:
    """Run both worlds to the horizon; return the tables of `analysis.trace.TABLES`."""
    kept: dict[str, list[np.ndarray]] = {name: [] for name in _KEPT}
    for _ in range(scenario.weeks):
        batch.advance(1)
        for name, keep in _KEPT.items():
            kept[name].append(keep(batch.state))
    names: dict[str, list[object]] = {
        "world": [""],
        "actors": list(scenario.actors.names),
        "armed_groups": [group.name for group in scenario.armed_groups],
        "communities": list(range(len(scenario.country.places))),
    }
    tables = {
        name: _long(np.stack(values), _columns_of(name), names[name], _KEY.get(name, ""))
        for name, values in kept.items()
    }
    return {**_map_tables(scenario), **tables}


def community_courses(
    scenarios: Sequence[Scenario], *, replicate: int, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Run one replicate of some worlds; return what every place goes through, week by week.

    Returns
    -------
    killed, displaced, peacekeepers : ndarray, shape (weeks, worlds, places)
        People killed so far, people of the place who are displaced, peacekeepers there.
    """
    from sim.ensemble import Ensemble

    runs = len(scenarios)
    batch = Ensemble(scenarios).start(np.arange(runs), np.full(runs, replicate), seed)
    weeks = []
    for _ in range(scenarios[0].weeks):
        batch.advance(1)
        weeks.append(_communities(batch.state))
    killed, displaced, peacekeepers = np.stack(weeks).transpose(2, 0, 1, 3)
    return killed, displaced, peacekeepers


def _world(state: Mapping[str, np.ndarray]) -> np.ndarray:
    both: np.ndarray = np.concatenate([state["world"], state["government"]], axis=1)[:, :, None]
    return both


def _actors(state: Mapping[str, np.ndarray]) -> np.ndarray:
    return state["actors"].copy()


def _armed_groups(state: Mapping[str, np.ndarray]) -> np.ndarray:
    return state["armed"].copy()


def _communities(state: Mapping[str, np.ndarray]) -> np.ndarray:
    from sim.fields import C, Q

    people, communities = state["people"], state["communities"]
    sums = [people[:, field].sum(axis=1) for field in (Q.killed, Q.displaced)]
    return np.stack([*sums, communities[:, C.peacekeepers]], axis=1)


# What is kept of the state each week, shape (runs, columns, agents).
_KEPT = {
    "world": _world, "actors": _actors, "armed_groups": _armed_groups, "communities": _communities,
}  # fmt: skip
_KEY = {"actors": "actor", "armed_groups": "armed_group", "communities": "place"}


def _columns_of(table: str) -> list[str]:
    from sim.fields import ACTOR, ARMED_GROUP, GOVERNMENT, WORLD

    if table == "communities":
        return ["killed", "displaced", "peacekeepers"]
    if table == "world":
        known = {field.name for field in WORLD}
        # A name that both hold is the world's; the government's says whose it is.
        own = [f"government_{f.name}" if f.name in known else f.name for f in GOVERNMENT]
        return [field.name for field in WORLD] + own
    return [field.name for field in (ACTOR if table == "actors" else ARMED_GROUP)]


def _long(
    values: np.ndarray, columns: Sequence[str], agents: Sequence[object], key: str
) -> pd.DataFrame:
    """Return values of shape (weeks, runs, columns, agents) as one row a run, week and agent."""
    from analysis.trace import BASELINE, TREATMENT

    weeks, runs, _, count = values.shape
    rows = values.transpose(1, 0, 3, 2).reshape(runs * weeks * count, len(columns))
    table = pd.DataFrame(rows, columns=list(columns))
    if "week" in table.columns:
        table = table.drop(columns="week")
    arms = np.repeat([TREATMENT, BASELINE], weeks * count)
    table.insert(0, "arm", pd.Categorical(arms, categories=[TREATMENT, BASELINE]))
    table.insert(1, "week", np.tile(np.repeat(np.arange(weeks), count), runs))
    if key:
        table.insert(2, key, np.tile(np.asarray(agents), runs * weeks))
    return table


def _map_tables(scenario: Scenario) -> dict[str, pd.DataFrame]:
    country = scenario.country
    places = pd.DataFrame(
        {
            "place": list(country.places),
            "latitude": country.latitude,
            "longitude": country.longitude,
            "abroad": country.neighbour >= 0,
        }
    )
    roads = pd.DataFrame({"start": country.road_from, "end": country.road_to})
    return {"places": places, "roads": roads}


def _refuse_another(
    found: Results, pairs: pd.DataFrame, replicate: int, outcomes: np.ndarray
) -> None:
    """Raise unless both runs came out as they are stored; a run that is not stored passes."""
    from sim.outcomes import OUTCOMES

    stored = pairs[pairs["replicate"] == replicate]
    if stored.empty:
        return
    for run, prefix in enumerate(("", "baseline_")):
        for place, outcome in enumerate(OUTCOMES):
            name = prefix + outcome.name
            if name in stored.columns and stored[name].iloc[0] != outcomes[run, place]:
                raise ForestallError(
                    f"{found.path}: replicate {replicate} comes out differently today "
                    f"({name}: {outcomes[run, place]:g}, stored {stored[name].iloc[0]:g}): the model "
                    "has changed since, run the sweep again"
                )


def _trace(
    found: Results,
    point: str,
    replicate: int,
    rule: str,
    scenario: Scenario,
    tables: Mapping[str, pd.DataFrame],
    outcomes: np.ndarray,
) -> Trace:
    from analysis.surface import point_label
    from analysis.trace import BASELINE, TREATMENT, Trace
    from sim.effects import EFFECTS
    from sim.fields import WORLD
    from sim.outcomes import OUTCOMES

    names = [outcome.name for outcome in OUTCOMES]
    units = {field.name: field.unit for field in WORLD}
    about = {
        "country": scenario.country.name,
        "point": point,
        "label": point_label(found.design, point),
        "replicate": int(replicate),
        "rule": rule,
        "seed": int(found.provenance["seed"]),
        "weeks": scenario.weeks,
        "shock_week": scenario.shock_week,
        "open_week": scenario.open_week if math.isfinite(scenario.open_week) else None,
        "shocks": [{"week": shock.week, "kind": shock.kind} for shock in scenario.shocks],
        "doses": {entry.field: units[entry.field] for entry in EFFECTS},
        "endings": {
            arm: dict(zip(names, row.tolist(), strict=True))
            for arm, row in zip((TREATMENT, BASELINE), outcomes, strict=True)
        },
        "source_hash": found.provenance["source_hash"],
    }
    return Trace(about=about, tables=tables)


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="forestall trace", description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("results", type=Path, metavar="RESULTS", help="folder that a sweep wrote")
    parser.add_argument(
        "levers", nargs="*", metavar="lever=value", help="values that the point must have"
    )
    parser.add_argument("--replicate", type=int, metavar="N", help="which run of the point")
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    return parser


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall trace"))
