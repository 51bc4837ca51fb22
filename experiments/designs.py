"""Designs: factors over one configuration make points, each paired with the baseline of its world.

A point is known by the SHA-256 of its configuration, whatever the seed, the number of replicates or
the machine: the same point in another design, or tomorrow, has the same id.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.config import missing_key
from experiments.overrides import entry_of
from sim.errors import ForestallError, bad_value, unknown_name

if TYPE_CHECKING:
    from sim.scenario import Scenario

# What makes a world; seed, replicates, engine, executor, output and name say how it is run.
WORLD = (
    "country", "actors", "interventions", "action", "parameters", "mechanisms", "forms",
    "attributes", "weeks",
)  # fmt: skip
LEVERS = ("action.start", "actors.dispersion", "action.arrival")
NEVER = "never"
BARGAINED = "bargained"
# A horizon of its own would give every point another number of weekly rows.
_FACTORS_OF = (
    "country", "actors", "interventions", "action", "parameters", "mechanisms", "forms",
    "attributes",
)  # fmt: skip
_ID_LENGTH = 16
MOST_POINTS = 1_000_000


def scenario_of(config: Mapping[str, Any]) -> Scenario:
    """Return the model's scenario of a configuration; other entries of it are left aside.

    Raises
    ------
    ScenarioError
        The model cannot take it: one line names the entry.
    """
    from sim.scenario import Scenario

    return Scenario.from_mapping({key: config[key] for key in WORLD})


@dataclass(frozen=True, kw_only=True)
class Point:
    """One combination of levers: a world, and the id of the same world without outside action.

    Attributes
    ----------
    id, baseline : the first 16 hexadecimal digits of the configurations' SHA-256.
    levers : value of each lever by its dotted name.
    config : the keys `WORLD` of the configuration, levers set.
    """

    id: str
    baseline: str
    levers: Mapping[str, Any]
    config: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Design:
    """Points in the order of their factors, and the distinct baselines that they share."""

    factors: Mapping[str, tuple[Any, ...]]
    points: tuple[Point, ...]
    baselines: tuple[Point, ...]


def grid(config: Mapping[str, Any]) -> Design:
    """Return all combinations of ``config["design"]["factors"]``; one point without factors.

    Parameters
    ----------
    config : as `experiments.config.compose` returns it.

    Raises
    ------
    ForestallError
        A factor that is not in the configuration, without values, or with a value listed twice.
    """
    world = {key: config[key] for key in WORLD}
    factors = _factors(config["design"].get("factors") or {}, world)
    if (size := math.prod(len(values) for values in factors.values())) > MOST_POINTS:
        raise ForestallError(
            f"design.factors: their values make {size:,} points, at most {MOST_POINTS:,} are possible"
        )
    identity = _Identity()
    points: list[Point] = []
    baselines: dict[str, Point] = {}
    for values in itertools.product(*factors.values()):
        levers = dict(zip(factors, values, strict=True))
        point, baseline = _pair(world, levers, identity)
        points.append(point)
        baselines.setdefault(baseline.id, baseline)
    return Design(factors=factors, points=tuple(points), baselines=tuple(baselines.values()))


def with_levers(world: Mapping[str, Any], levers: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration with levers set; `world` stays as it is and shares what is equal."""
    changed = dict(world)
    for name, value in levers.items():
        changed = _with_entry(changed, name.split("."), value)
    return changed


def baseline_of(world: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same world without outside action; when help arrives has no meaning there."""
    action = {**world["action"], "start": NEVER, "arrival": BARGAINED}
    return {**world, "action": action}


def point_id(world: Mapping[str, Any]) -> str:
    """Return the id of a configuration: a hash over its canonical JSON, section by section.

    Numbers that are equal count as equal (``1`` and ``1.0``), and so do mappings in another order.
    """
    return _Identity().of(world)


def _pair(
    given: Mapping[str, Any], levers: Mapping[str, Any], identity: _Identity
) -> tuple[Point, Point]:
    world = with_levers(given, levers)
    # Measures have no meaning where nobody acts: points that differ in them share a baseline.
    of_measures = [name for name in levers if name.startswith("interventions.")]
    without = {**baseline_of(world), "interventions": given["interventions"]}
    levers = {name: _lever(world, name) for name in LEVERS} | dict(levers)
    untouched = levers | {name: entry_of(without, name) for name in (*LEVERS, *of_measures)}
    baseline_id = identity.of(without)
    point = Point(id=identity.of(world), baseline=baseline_id, levers=levers, config=world)
    return point, Point(id=baseline_id, baseline=baseline_id, levers=untouched, config=without)


def _lever(world: Mapping[str, Any], name: str) -> Any:
    section, key = name.split(".")
    if key not in world[section]:
        raise ForestallError(f"{name}: missing from the configuration")
    return world[section][key]


def _factors(given: Any, world: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    if not isinstance(given, Mapping):
        raise bad_value("design.factors", given, "a mapping of names to lists of values")
    return {str(name): _values(str(name), values, world) for name, values in given.items()}


def _values(name: str, values: Any, world: Mapping[str, Any]) -> tuple[Any, ...]:
    key = f"design.factors.{name}"
    section = name.split(".")[0]
    if section not in _FACTORS_OF or name == section:
        if section in (*WORLD, "seed", "replicates", "engine", "executor", "output", "name"):
            raise ForestallError(f"{key}: one value for all points, it cannot be a factor")
        raise unknown_name("design.factors", name, _leaves(world))
    if section != "parameters" and missing_key(name, world) is not None:
        raise unknown_name("design.factors", name, _leaves(world))
    if not isinstance(values, list) or not values:
        raise bad_value(key, values, "a list of values")
    seen: list[str] = []
    for value in values:
        if isinstance(value, Mapping | list) or value is None:
            raise bad_value(key, value, "a number or a word")
        if isinstance(value, float) and not math.isfinite(value):
            raise bad_value(key, value, "a finite number (a start may be 'never')")
        if _canonical(value) in seen:
            raise ForestallError(f"{key}: {value!r} is listed twice")
        seen.append(_canonical(value))
    return tuple(values)


def _leaves(node: Any, path: str = "") -> Iterator[str]:
    if not isinstance(node, Mapping):
        yield path
        return
    for name, entry in node.items():
        if path or name in _FACTORS_OF:
            yield from _leaves(entry, f"{path}.{name}" if path else str(name))


def _with_entry(node: Any, path: Sequence[str], value: Any) -> Any:
    if not path:
        return value
    name, rest = path[0], path[1:]
    if isinstance(node, list):
        copy = list(node)
        copy[int(name)] = _with_entry(node[int(name)], rest, value)
        return copy
    entry = node.get(name) if rest else None
    return {**node, name: _with_entry(entry if entry is not None else {}, rest, value)}


class _Identity:
    """Hashes worlds; a section that many points share (the country) is written out only once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, str]] = {}

    def of(self, world: Mapping[str, Any]) -> str:
        sections = {key: self._section(key, world[key]) for key in WORLD}
        return _digest(_canonical(sections))[:_ID_LENGTH]

    def _section(self, key: str, section: Any) -> str:
        kept = self._known.get(id(section))
        if kept is None or kept[0] is not section:
            try:
                kept = (section, _digest(_canonical(section)))
            except (TypeError, ValueError) as error:
                raise ForestallError(f"{key}: {error}, only finite numbers and text") from None
            self._known[id(section)] = kept
        return kept[1]


def _canonical(value: Any) -> str:
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        return int(value)
    return value


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
