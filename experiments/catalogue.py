"""``forestall catalogue``: every measure, what it acts on, what it costs, and how it fails.

Beside the measures it lists what cuts across them, each a ready experiment.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.command import DONE, OneLineParser
from experiments.cross_cutting import cross_cutting
from experiments.store import writing
from sim.effects import EFFECTS
from sim.errors import unknown_name
from sim.interventions import CATALOGUE, Declaration
from sim.interventions.base import Failure
from sim.interventions.measure import names_of
from sim.interventions.own import failure_as
from sim.kinds import Channel

COLUMNS = (
    "id", "name", "level", "phase", "pillar", "stands_for", "acts_on", "lead", "partners", "trigger",
    "lag", "ramp", "intensity", "unit", "coverage", "cost", "weekly_cost", "fails_when", "failure",
    "failures", "varies", "example", "source",
)  # fmt: skip
LETS_THROUGH: Mapping[Channel, str] = {
    Channel.DIRECT: "all of it",
    Channel.STATE: "what the state delivers: capacity (with support) times commitment, less leakage "
    "where nobody answers for money",
    Channel.SOCIETY: "civic space: what the leadership leaves open, or institutions keep open",
    Channel.ACCESS: "the consent of the host",
    Channel.BORDERS: "what hostile neighbours leave: 1 less their mean support for the war",
    Channel.MESSAGE: "a clear message: falls as actors with money back the government, none from half "
    "on",
    Channel.OFFICE: "trust in the office: 1 less the ties to either side of actors with money",
    Channel.UNITED: "joint action: falls with the money of actors who act outside the common policy",
    Channel.DEAL: "what spoilers leave: 1 less the level of the rebellion, all under an agreement",
    Channel.ENTRY: "who is let in, as peacekeepers are where `entry_consent` is 1; all where it is 0 "
    "or arrival is clamped",
}
"""What each way lets through (`sim.ensemble.programmes`)."""
_HELP = """\
List every measure of the catalogue: what in the source it stands for, what it acts on, who leads,
how soon it delivers, what it costs, how it fails, and how to switch it on; and what cuts across
measures (D1 to D9), each a ready experiment, with what it varies.

  forestall catalogue                      the table
  forestall catalogue equal_justice        one row in full, by name or id (A2)
  forestall catalogue --portfolios         named sets of measures and what they cost
  forestall catalogue --effects            what measures are made of, and the channels that doses take,
                                           for one of your own
"""


def row_of(declared: Declaration) -> dict[str, Any]:
    """Return one measure as plain data: the columns, and what a test can check."""
    return {
        "id": declared.id,
        "name": declared.name,
        "level": str(declared.level),
        "phase": str(declared.phase),
        "pillar": str(declared.pillar),
        "stands_for": declared.stands_for,
        "acts_on": declared.acts_on,
        "lead": ", ".join(names_of(declared.lead)),
        "partners": ", ".join(names_of(declared.partners)),
        "trigger": declared.trigger.name.lower(),
        "lag": declared.lag,
        "ramp": declared.ramp,
        "intensity": declared.intensity,
        "unit": declared.unit,
        "coverage": declared.coverage.name.lower() if declared.local else "-",
        "cost": declared.cost,
        "weekly_cost": round(declared.cost * declared.intensity, 6),
        "fails_when": "; ".join([declared.fails_when, *(one.when for one in declared.also_fails)]),
        "failure": str(declared.failure),
        "failures": "; ".join(failures_of(declared)),
        "example": f"forestall sweep 'intervention=[{declared.name}]' action.start=0,26",
        "source": declared.source,
        "effects": [
            {
                "effect": part.effect.name.lower(),
                "size": part.size,
                "channel": part.channel.name.lower(),
                "acts_on": EFFECTS[part.effect].acts_on,
            }
            for part in declared.parts
        ],
        "moves": [move._asdict() for move in declared.moves],
        "fails": dict(declared.fails),
        "fails_of": list(declared.fails_of),
        "also_fails": [failure_as(one) for one in declared.also_fails],
        "shown_in": dict(declared.shown_in),
        "beside": {name: dict(entry) for name, entry in declared.beside.items()},
    }


def failures_of(declared: Declaration) -> list[str]:
    """Return every way in which a measure fails with what that leaves, its usual one first."""
    if not declared.fails:
        return [declared.fails_when]
    ways = [f"{declared.fails_when}: {_leaves(declared.failure, declared.fails_of)}"]
    for one in declared.also_fails:
        leaves = _leaves(one.failure, one.of)
        if one.harms:
            leaves = f"harms: `{one.harms.state}` {'rises' if one.harms.direction > 0 else 'falls'}"
        ways.append(f"{one.when}: {leaves}")
    return ways


def _leaves(failure: Failure, states: Sequence[str]) -> str:
    """Return what a failure does to the states that a measure moves, or to those of them it takes."""
    taken = " and ".join(f"`{state}`" for state in states) or "it"
    if failure is Failure.EMPTIES:
        return f"leaves a tenth of {taken} at most"
    verb, *or_more = str(failure).split(" ", maxsplit=1)
    return " ".join([verb, taken, *or_more])


def catalogue() -> list[dict[str, Any]]:
    """Return all measures, in catalogue order."""
    return [row_of(declared) for declared in CATALOGUE.values()]


def everything() -> list[dict[str, Any]]:
    """Return all measures and what cuts across them, in order of ids; None is what a row has not."""
    rows = sorted([*catalogue(), *cross_cutting()], key=lambda row: str(row["id"])[0])
    return [dict.fromkeys(COLUMNS) | row for row in rows]


def effects() -> list[dict[str, Any]]:
    """Return all effects that a measure can be made of."""
    return [
        {
            "effect": entry.name,
            "unit": entry.unit,
            "by_place": entry.local,
            "dose": entry.meaning,
            "acts_on": entry.acts_on,
        }
        for entry in EFFECTS
    ]


def channels() -> list[dict[str, Any]]:
    """Return all ways that an effect can take, and how much each lets through."""
    return [
        {"channel": channel.name.lower(), "lets_through": said}
        for channel, said in LETS_THROUGH.items()
    ]


def weekly_cost(interventions: Mapping[str, Mapping[str, Any]]) -> float:
    """Return what measures cost in a week at full intensity (million USD), as a scenario sets them."""
    from sim.interventions import read_measures

    measures = read_measures({name: dict(entry or {}) for name, entry in interventions.items()})
    return sum(measure.cost * measure.intensity for measure in measures)


def portfolios() -> list[dict[str, Any]]:
    """Return the named sets of measures with their cost, in a week and over two years."""
    from experiments.config import compose
    from experiments.scenario_folder import scenarios_folder

    rows = []
    for file in sorted((scenarios_folder() / "portfolio").glob("*.yaml")):
        given = compose([f"portfolio={file.stem}"])["interventions"]
        cost = weekly_cost(given)
        rows.append(
            {
                "portfolio": file.stem,
                "measures": ", ".join(CATALOGUE[name].id for name in given),
                "levels": ", ".join(dict.fromkeys(str(CATALOGUE[name].level) for name in given)),
                "weekly_cost": round(cost, 3),
                "cost_of_two_years": round(104 * cost, 1),
            }
        )
    return rows


def main(argv: Sequence[str]) -> int:
    """Run ``forestall catalogue`` with the given arguments and return its exit code."""
    parser = OneLineParser(
        prog="forestall catalogue",
        description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("measure", nargs="?", help="name or id of one measure or experiment")
    parser.add_argument("--portfolios", action="store_true", help="named sets and their cost")
    parser.add_argument(
        "--effects",
        action="store_true",
        help="what measures are made of, and the channels that doses take",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the table as CSV")
    asked = parser.parse_args(list(argv))
    rows = portfolios() if asked.portfolios else effects() if asked.effects else everything()
    ways = channels() if asked.effects and asked.measure is None and not asked.portfolios else []
    if asked.measure is not None:
        wanted = asked.measure.lower()
        known = everything()
        rows = [row for row in known if wanted in (row["id"].lower(), row["name"])]
        if not rows:
            names = [row[key] for key in ("id", "name") for row in known]
            raise unknown_name("catalogue", asked.measure, names)
    if asked.csv is not None:
        _write_csv(asked.csv, [*rows, *ways])
    elif asked.json:
        print(json.dumps([*rows, *ways], indent=2))
    elif asked.measure is not None:
        _print_one(rows[0])
    else:
        _print_table(rows, _SHORT if not (asked.portfolios or asked.effects) else tuple(rows[0]))
        if ways:
            print()
            _print_table(ways, tuple(ways[0]))
    return DONE


_WIDEST = {
    "level": 22,
    "lead": 28,
    "acts_on": 34,
    "fails_when": 34,
    "dose": 34,
    "lets_through": 120,
}
_SHORT = ("id", "name", "level", "lead", "lag", "weekly_cost", "acts_on", "fails_when")


def _write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    plain = dict.fromkeys(
        key for row in rows for key, value in row.items() if not isinstance(value, list | dict)
    )
    with (
        writing(path, "nothing was written", key="--csv"),
        path.open("w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.DictWriter(file, plain, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def _print_one(row: Mapping[str, Any]) -> None:
    said = {key: value for key, value in row.items() if value is not None}
    width = max(map(len, said))
    for key, value in said.items():
        shown = json.dumps(value) if isinstance(value, list | dict) else value
        print(f"{key:<{width}}  {shown}")


def _print_table(rows: Sequence[Mapping[str, Any]], columns: Iterable[str]) -> None:
    heads = list(columns)
    cells = [["-" if row[head] is None else str(row[head]) for head in heads] for row in rows]
    most = [_WIDEST.get(column, 60) for column in heads]
    widths = [
        min(limit, max(len(line[at]) for line in [heads, *cells])) for at, limit in enumerate(most)
    ]
    for line in [heads, *cells]:
        shown = (_cut(text, width).ljust(width) for text, width in zip(line, widths, strict=True))
        print("  ".join(shown).rstrip())


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 2].rstrip() + ".."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
