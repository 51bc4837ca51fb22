"""Documented ranges: over what a study samples an entry, in which unit, on which scale, by whom.

A range comes from where the entry is documented: the tables of parameters and of starting figures,
the national attributes, the declaration of a measure; a figure of a country that gives a range of
its own has that. Nothing is written down twice; what has no range there has none here, and a design
then says its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

Scale = Literal["linear", "log"]
SCALES: tuple[Scale, ...] = ("linear", "log")
_JUDGED = "judgement"
_ORDER_OF_MAGNITUDE = 10.0
MISSING = object()


@dataclass(frozen=True, kw_only=True)
class Range:
    """What a study samples of one entry, and what the model allows.

    Attributes
    ----------
    name : dotted name of the entry.
    unit : of its values.
    low, high : sampled between, both included.
    least, most : the ends that the model allows; equal to `low` and `high` where the documented
        range is all that is allowed, infinite where only the model can tell.
    scale : "log" samples the logarithm evenly.
    whole : only whole numbers are meant.
    source : who says so.
    """

    name: str
    unit: str
    low: float
    high: float
    least: float
    most: float
    scale: Scale = "linear"
    whole: bool = False
    source: str = _JUDGED

    def as_row(self) -> dict[str, Any]:
        """Return the range as plain data, infinite ends as None."""
        row = asdict(self)
        return row | {key: None for key in ("least", "most") if math.isinf(row[key])}


def documented_range(name: str, config: Mapping[str, Any]) -> Range | None:
    """Return the documented range of an entry, None where it has none.

    Parameters
    ----------
    name : dotted name, as in ``design.factors``.
    config : with the world's sections: the figures of a country and of its actors are in it.
    """
    section, _, rest = name.partition(".")
    found = _SECTIONS[section](rest, config) if section in _SECTIONS else None
    if found is None and section in ("country", "actors"):
        found = _of_starting_figure(name, config)
    return None if found is None else replace(found, name=name)


def documented_names(config: Mapping[str, Any]) -> Iterator[str]:
    """Yield the dotted names of all entries of a configuration that have a documented range."""
    from sim.attributes import ATTRIBUTES
    from sim.parameters import NAMES

    yield from (f"action.{name}" for name in _ACTION)
    yield from (f"actors.{name}" for name in _ACTORS)
    yield from (f"attributes.{attribute.name}" for attribute in ATTRIBUTES)
    for measure in config.get("interventions") or {}:
        yield from (f"interventions.{measure}.{entry}" for entry in _MEASURE_ENTRIES)
    yield from (f"parameters.{name}" for name in NAMES)
    yield from _starting_names(config)


def entry_at(config: Any, name: str) -> Any:
    """Return the entry of a dotted name, `MISSING` where there is none."""
    node = config
    for part in name.split("."):
        if isinstance(node, list) and part.isdecimal() and int(part) < len(node):
            node = node[int(part)]
        elif isinstance(node, Mapping) and part in node:
            node = node[part]
        else:
            return MISSING
    return node


def _starting_names(config: Mapping[str, Any]) -> Iterator[str]:
    from sim.starting import PLACE, STARTING

    for figure in STARTING:
        # Of thousands of places only those in doubt are worth a name.
        for entry in _entries(config, figure.section):
            name = f"{entry}.{figure.name}"
            raw = entry_at(config, name)
            in_doubt = isinstance(raw, Mapping) and "low" in raw
            if (in_doubt or figure.section != PLACE) and _of_starting_figure(name, config):
                yield name


def _entries(config: Mapping[str, Any], section: str) -> list[str]:
    """Return the dotted names that a section of the table stands for in a configuration."""
    place, _, rest = section.partition(".*")
    node = entry_at(config, place)
    if section == place:
        return [section] if isinstance(node, Mapping) else []
    names = range(len(node)) if isinstance(node, list) else node
    return [] if node is MISSING or node is None else [f"{place}.{name}{rest}" for name in names]


def _of_starting_figure(name: str, config: Mapping[str, Any]) -> Range | None:
    from sim.starting import STARTING

    entry, _, last = name.rpartition(".")
    general = f"{entry.rpartition('.')[0]}.*"
    raw = entry_at(config, name)
    for figure in STARTING:
        if figure.name != last or figure.section not in (entry, general):
            continue
        if not isinstance(row := entry_at(config, entry), Mapping):
            return None
        if last == "rate" and "week" in row:  # a shock has one or the other
            return None
        low, high = figure.range_of(None if raw is MISSING else raw)
        own = isinstance(raw, Mapping) and "low" in raw
        source = f"{raw['source']} (grade {raw['grade']})" if own else figure.source
        return None if low >= high else Range(
            name=name, unit=figure.unit, low=low, high=high, least=figure.low, most=figure.high,
            source=source,
        )  # fmt: skip
    return None


def _parameter(rest: str, config: Mapping[str, Any]) -> Range | None:
    from sim.parameters import NAMES, PARAMETERS

    if rest not in NAMES:
        return None
    row = PARAMETERS[NAMES.index(rest)]
    return Range(
        name=rest, unit=row.unit, low=row.low, high=row.high, least=row.low, most=row.high,
        scale=_fitting_scale(row.default, row.low, row.high), source=row.source,
    )  # fmt: skip


def _fitting_scale(default: float, low: float, high: float) -> Scale:
    """Return the scale on which a best estimate lies nearer to the middle of its range.

    Only a positive range of an order of magnitude or more can be one of logarithms: there, what is
    not known is the order.
    """
    if low <= 0.0 or high < _ORDER_OF_MAGNITUDE * low:
        return "linear"
    even = abs((default - low) / (high - low) - 0.5)
    logarithmic = abs(math.log(default / low) / math.log(high / low) - 0.5)
    return "log" if logarithmic < even else "linear"


def _attribute(rest: str, config: Mapping[str, Any]) -> Range | None:
    from sim.attributes import ATTRIBUTES, LEVELS

    for attribute in ATTRIBUTES:
        if attribute.name == rest:
            return Range(
                name=rest, unit="0 worst .. 1 best for prevention", low=LEVELS["weak"],
                high=LEVELS["strong"], least=0.0, most=1.0,
                source=f"from weak ({attribute.weak}) to strong ({attribute.strong})",
            )  # fmt: skip
    return None


_ACTION = {
    "start": Range(
        name="start", unit="weeks from the shock", low=0.0, high=52.0, least=-2080.0, most=2080.0,
        whole=True, source="judgement: from the shock to a year after it",
    ),
    "arrival": Range(
        name="arrival", unit="weeks from the start of action", low=4.0, high=52.0, least=0.0,
        most=520.0, whole=True,
        source="judgement: from a rapid reaction force to a deployment that takes a year",
    ),
}  # fmt: skip
_ACTORS = {
    "dispersion": Range(
        name="dispersion", unit="0 united .. 1 divided", low=0.0, high=1.0, least=0.0, most=1.0,
        source="all that the policy space allows",
    ),
    "mean.0": Range(
        name="mean.0", unit="0 engage .. 1 press", low=0.0, high=1.0, least=0.0, most=1.0,
        source="all of the policy space",
    ),
    "mean.1": Range(
        name="mean.1", unit="0 sovereignty .. 1 protection", low=0.0, high=1.0, least=0.0,
        most=1.0, source="all of the policy space",
    ),
}  # fmt: skip
_MEASURE_ENTRIES = ("intensity", "cost", "start", "ramp", "duration")


def _measure(rest: str, config: Mapping[str, Any]) -> Range | None:
    from sim.interventions import CATALOGUE

    measure, _, entry = rest.partition(".")
    if measure not in CATALOGUE or entry not in _MEASURE_ENTRIES:
        return None
    declared = CATALOGUE[measure]
    if entry == "intensity":
        return Range(
            name=rest, unit=declared.unit, low=0.0,
            high=min(2.0 * declared.intensity, declared.largest), least=0.0,
            most=declared.largest,
            source=f"from none to double of the declared dose; {declared.source}",
        )  # fmt: skip
    if entry == "cost":
        return Range(
            name=rest, unit="million USD per unit and week", low=declared.cost / 2.0,
            high=declared.cost * 2.0, least=0.0, most=1e3,
            source=f"half to double of the declared cost; {declared.source}",
        )  # fmt: skip
    return _TIMES[entry]


_TIMES = {
    "start": Range(
        name="start", unit="weeks from its trigger", low=0.0, high=52.0, least=0.0, most=5200.0,
        source="judgement: at once to a year later",
    ),
    "ramp": Range(
        name="ramp", unit="weeks", low=0.0, high=104.0, least=0.0, most=520.0,
        source="judgement: at once to two years",
    ),
    "duration": Range(
        name="duration", unit="weeks", low=13.0, high=520.0, least=1.0, most=5200.0, scale="log",
        source="judgement: a quarter of a year to ten years",
    ),
}  # fmt: skip

_SECTIONS: Mapping[str, Callable[[str, Mapping[str, Any]], Range | None]] = {
    "parameters": _parameter,
    "attributes": _attribute,
    "action": lambda rest, config: _ACTION.get(rest),
    "actors": lambda rest, config: _ACTORS.get(rest),
    "interventions": _measure,
}
