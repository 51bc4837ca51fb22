"""``forestall country``: a scenario file of a country, from two tables or made up."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from experiments.bounded import content_of
from experiments.chunks import write_aside
from experiments.command import DONE, OneLineParser, run_command
from experiments.store import writing
from experiments.terminal import notice
from sim.errors import ForestallError

_HELP = """\
Write a country as a scenario file. Put it into a folder `country` of your own scenarios and choose
it by its name:
  forestall country generate --communities 200 --seed 1 --output mine/country/plain.yaml
  forestall sweep --scenarios mine country=plain actors=archetype
"""
MOST_BYTES = 256 * 1024**2
"""Of one table of towns or roads: a million lines, the most places of a country, have some 60 MB."""
GENERATED = (
    "communities", "groups", "shares", "segregation", "inequality", "people", "neighbours",
    "openness", "support", "capacity", "seed",
)  # fmt: skip
"""Options of `generate`, which the first line of its file repeats as they were given."""
_SOURCE = {
    "import": "# source: the tables named above; say here where they come from.\n",
    "generate": (
        "# source: made up; figures are those of the command above and the draws and judgements\n"
        "# of sim/country_generator.py.\n"
    ),
}


def main(argv: Sequence[str]) -> int:
    """Import or generate a country; exit code as in `experiments.command`."""
    asked = _parser().parse_args(list(argv))
    if asked.output.exists() and not asked.force:
        raise ForestallError(f"--output {asked.output}: exists already, --force replaces it")
    mapping, origin, notices = _imported(asked) if asked.way == "import" else _generated(asked)
    text = f"# {origin}\n{_SOURCE[asked.way]}" + yaml.safe_dump(
        mapping, sort_keys=False, allow_unicode=True
    )
    with writing(asked.output.parent, "nothing was written", key="--output"):
        asked.output.parent.mkdir(parents=True, exist_ok=True)
        write_aside(asked.output, text.encode())
    for line in notices:
        notice(line)
    print(f"{asked.output}: {len(mapping['places'])} places, {len(mapping['roads'])} roads")
    if asked.way == "import":
        print(
            "to be run it still needs groups, a government, armed_groups and shocks: "
            "scenarios/country/burundi_2015.yaml shows how each is written"
        )
    elif asked.output.parent.name == "country":
        own = asked.output.parent.parent
        chosen = f"country={asked.output.stem} actors=archetype"
        print(f"run it with: forestall sweep --scenarios {own} {chosen}")
    return DONE


def _imported(asked: argparse.Namespace) -> tuple[dict[str, Any], str, Sequence[str]]:
    from sim.country_import import country_from_tables

    towns, roads = _lines(asked.towns), _lines(asked.roads)
    missing = asked.missing_population
    imported = country_from_tables(
        towns, roads, name=asked.name, form=asked.form, home=asked.home, capital=asked.capital,
        missing_population=tuple(missing) if missing else None, skip_unknown=asked.skip_unknown,
    )  # fmt: skip
    origin = f"Imported from {asked.towns.name} and {asked.roads.name}."
    return imported.mapping, origin, imported.notices


def _generated(asked: argparse.Namespace) -> tuple[dict[str, Any], str, Sequence[str]]:
    from sim.country_generator import generate_mapping

    named = {name: getattr(asked, name) for name in GENERATED}
    given = {name: value for name, value in named.items() if value is not None}
    words = " ".join(f"--{name} {_word(value)}" for name, value in given.items())
    return generate_mapping(**given), f"Made up by: forestall country generate {words}", ()


def _word(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _lines(file: Path) -> list[str]:
    try:
        return content_of(file, most=MOST_BYTES, pipes=True).decode("utf-8").splitlines()
    except UnicodeDecodeError:
        raise ForestallError(f"{file}: not UTF-8 text") from None
    except OSError as error:
        raise ForestallError(f"{file}: {error.strerror}") from None
    except ValueError as error:
        raise ForestallError(f"{file}: {error}") from None


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = OneLineParser(prog="forestall country", description=_HELP, formatter_class=raw)
    ways = parser.add_subparsers(dest="way", required=True, metavar="import|generate")
    tables = ways.add_parser("import", help="from tables of towns and roads (CSV)")
    tables.add_argument("towns", type=Path, metavar="TOWNS.csv")
    tables.add_argument("roads", type=Path, metavar="ROADS.csv")
    tables.add_argument("--name", required=True, help="of the country")
    tables.add_argument(
        "--form", choices=("plain", "flee"), default="plain",
        help="headers: plain (name,latitude,longitude,population and from,to,km) or FLEE's",
    )  # fmt: skip
    tables.add_argument(
        "--missing-population", type=float, nargs=2, metavar=("LOW", "HIGH"),
        help="people of a town without a figure: a range, not a guess",
    )  # fmt: skip
    tables.add_argument(
        "--home", help="the country itself, where towns lie in several (default: most towns)"
    )
    tables.add_argument("--capital", help="default: the town with the most people")
    tables.add_argument(
        "--skip-unknown", action="store_true", help="leave out roads to places that are no towns"
    )
    made = ways.add_parser("generate", help="a synthetic country")
    made.add_argument("--communities", type=int, default=200, help="towns (default 200)")
    made.add_argument("--groups", type=int, default=2, help="identity groups (default 2)")
    made.add_argument(
        "--shares", type=float, nargs="+", metavar="SHARE",
        help="national shares of the groups (default: falling as 1, 1/2, 1/3, ...)",
    )  # fmt: skip
    made.add_argument("--segregation", type=float, default=0.5, help="0 to 1 (default 0.5)")
    made.add_argument("--inequality", type=float, default=0.5, help="0 to 1 (default 0.5)")
    made.add_argument("--people", type=float, help="in a town, on average (default 20,000)")
    made.add_argument("--neighbours", type=int, default=0, help="states at the border (default 0)")
    made.add_argument("--openness", type=float, help="of the borders, 0 to 1 (default 0.7)")
    made.add_argument(
        "--support", type=float, help="neighbours feed the war -1 .. help peace 1 (default 0)"
    )
    made.add_argument("--capacity", type=float, help="of the state, 0 to 1 (default 0.35)")
    made.add_argument("--seed", type=int, required=True, help="equal seeds, equal countries")
    for way in (tables, made):
        way.add_argument("--output", type=Path, required=True, metavar="FILE.yaml")
        way.add_argument("--force", action="store_true", help="replace the file if it exists")
    return parser


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall country"))
