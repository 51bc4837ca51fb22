"""From the covariates of a country-year to the figures that a run starts from, with reasons.

The anchors are those of `scenarios/CODING.md`. Every size is a judgement made once, before any run of
it was seen; what a covariate moves, and in which direction, has the source named in `MAPPING`. No
fact marked V or S was looked at. A covariate is a proxy: what it leaves open differs by country
(`UNEXPLAINED`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, float]
MOST_PEOPLE = 120e6
"""Of a larger country the part is simulated in which a crisis plays: ten million people a town."""
RULING, RIVAL = "group_1", "group_2"
UNEXPLAINED = 0.15
"""Standard deviation of a country's figures around what its covariates say, on scales from 0 to 1.

Best values of two people who code one case may lie so far apart (`scenarios/CODING.md`), and a table
knows no more of a country than they do. Ratios of risk by a proxy are diluted by what it leaves open
(Carroll et al. 2006, Measurement Error in Nonlinear Models), in the record as here.
"""
OPEN_FIGURES = (
    "government.capacity", "government.commitment", "government.accountability",
    "government.legitimacy", "government.cohesion", "society.trust", "society.norms",
    "society.livelihoods", "society.justice", "society.inequality", "society.civil_society",
    "armed_groups.army.discipline", "armed_groups.militia.discipline",
    "armed_groups.rebels.discipline",
)  # fmt: skip
"""Figures of `country_of` that differ beyond the covariates."""
OPEN = len(OPEN_FIGURES) + 1
"""How many deviations a country has: one a figure of `OPEN_FIGURES`, and that of exclusion, last."""
_WAR = 25.0  # battle deaths a year from which UCDP counts a conflict


@dataclass(frozen=True, slots=True)
class Link:
    """What one covariate moves, in which direction, and why."""

    covariate: str
    moves: str
    source: str


MAPPING: tuple[Link, ...] = (
    Link(
        "past_killing", "trust - 0.15, norms - 0.15, commitment - 0.15, discipline - 0.1",
        "Harff 2003 (habituation of elites and forces after an earlier genocide); Rohner, Thoenig & "
        "Zilibotti 2013 (trust). Runs start without memories, so it works through these",
    ),
    Link(
        "excluded", "share of the second group, its exclusion (0.5 where powerless)",
        "EPR (Vogt et al. 2015); Cederman, Gleditsch & Buhaug 2013",
    ),
    Link("discriminated", "exclusion of the second group up to 0.8, inequality + 0.2", "EPR, likewise"),
    Link(
        "recent_coup", "0.13 coup attempts a year for 0.02, cohesion 0.4 for 0.7, legitimacy - 0.1",
        "entries into, and spells in, five years after an attempt in the predictors' file; Londregan & "
        "Poole 1990 (coup trap)",
    ),
    Link(
        "battle_deaths", "strength of the rebels, 10 for each death of a year; discipline - 0.1",
        "UCDP's threshold of 25; strength of rebels in Cunningham, Gleditsch & Salehyan 2013 (median "
        "some 3,000); ratio: judgement",
    ),
    Link(
        "equal_rights", "accountability + 0.2, exclusion - 0.15, inequality 0.1 for 0.3",
        "V-Dem, equality of groups before the law (scale)",
    ),
    Link(
        "killing_approved", "commitment - 0.2, discipline of state forces 0.4 for 0.7",
        "V-Dem, political killings (scale)",
    ),
    Link("society_repressed", "civil society - 0.2", "V-Dem, repression of civil society (scale)"),
    Link(
        "free_discussion", "accountability + 0.4, civil society + 0.6, legitimacy + 0.4 at its full",
        "V-Dem, freedom of discussion (scale)",
    ),
    Link(
        "fractionalised", "share of the second group where nobody is excluded",
        "two groups of that fractionalisation",
    ),
    Link(
        "infant_deaths", "capacity 0.83 (none) to 0.1, livelihoods likewise",
        "Goldstone et al. 2010 (infant mortality as a proxy of what a state delivers)",
    ),
    Link("people", "people, up to 120 million; armed strengths per head", "as the generator's"),
)  # fmt: skip
"""The whole mapping, one row a covariate."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A kind of shock that strikes at a rate, and what it brings (`sim.starting`, CODING.md)."""

    kind: str
    source: str
    threat: float
    grievance: float
    fear: float
    division: float


RATES: tuple[Rate, ...] = (
    Rate(
        "coup_attempt", "0.02 a year, 0.13 after a recent attempt (entries and spells in the "
        "predictors' file; Powell & Thyne 2011)", 0.6, 0.1, 0.2, 0.4,
    ),
    Rate(
        "contested_election", "an election in four years; disputed in a tenth to a half of them as "
        "discussion is free or not (NELDA, Hyde & Marinov 2012; shares: judgement)",
        0.4, 0.25, 0.2, 0.0,
    ),
    Rate(
        "economic_slump", "0.076 a year: growth per head below -5 % in the predictors' file",
        0.1, 0.15, 0.0, 0.0,
    ),
    Rate(
        "assassination", "0.005 a year (59 leaders in 1875-2004, Jones & Olken 2009)",
        0.6, 0.2, 0.4, 0.3,
    ),
    Rate(
        "spill_over", "0.03 a year (Buhaug & Gleditsch 2008; size: judgement)", 0.3, 0.1, 0.2, 0.0
    ),
)  # fmt: skip


def second_share(row: Row) -> float:
    """Return the share of the group that is out of power, in [0.05, 0.6].

    The excluded, or, where nobody is, the smaller of two groups of that fractionalisation.
    """
    share = row["excluded"]
    if share < 0.01:
        both = min(row["fractionalised"], 0.5)
        share = 0.5 * (1.0 - (1.0 - 2.0 * both) ** 0.5)
    return _within(share, 0.05, 0.6)


def second_exclusion(row: Row, deviation: float = 0.0) -> float:
    """Return how far that group is shut out, in [0, 0.9], `deviation` standard deviations off."""
    level = 0.15
    if row["excluded"] >= 0.01:
        level = 0.5
        level += 0.3 * min(1.0, row["discriminated"] / row["excluded"])
    return _within(level - 0.15 * row["equal_rights"] + UNEXPLAINED * deviation, 0.0, 0.9)


def people_of(row: Row) -> float:
    """Return the people of the country, or of the part of it that is simulated."""
    return float(min(2.0 ** row["people"], MOST_PEOPLE))


def country_of(row: Row, deviations: Sequence[float] = (0.0,) * OPEN) -> dict[str, Any]:
    """Return what a scenario file would say of the country beside its places.

    Parameters
    ----------
    row : its covariates.
    deviations : of its figures from what they say, `OPEN` standard deviations; that of exclusion, the
        last, is for `second_exclusion`.
    """
    found: dict[str, Any] = {
        "government": government_of(row),
        "society": society_of(row),
        "armed_groups": armed_groups_of(row),
    }
    for figure, deviation in zip(OPEN_FIGURES, deviations[:-1], strict=True):
        *sections, name = figure.split(".")
        entry = found
        for section in sections:
            entry = entry[section]
        entry[name] = _within(entry[name] + UNEXPLAINED * deviation, 0.0, 1.0)
    return {**found, "shocks": shocks_of(row)}


def government_of(row: Row) -> dict[str, Any]:
    """Return the government at the start; what is not named stays at the default."""
    legitimacy = 0.3 + 0.4 * row["free_discussion"] - 0.1 * row["recent_coup"]
    return {
        "group": RULING,
        "capacity": _capacity(row),
        "commitment": 0.65 - 0.15 * row["past_killing"] - 0.2 * row["killing_approved"],
        "accountability": _accountability(row),
        "consent": 0.5,
        "legitimacy": _within(legitimacy, 0.0, 1.0),
        "cohesion": 0.4 if row["recent_coup"] else 0.7,
    }


def society_of(row: Row) -> dict[str, float]:
    """Return what people believe and live by at the start."""
    past = 0.15 * row["past_killing"]
    civil = 0.2 + 0.6 * row["free_discussion"] - 0.2 * row["society_repressed"]
    inequality = (0.1 if row["equal_rights"] else 0.3) + 0.2 * float(row["discriminated"] > 0.0)
    return {
        "trust": 0.5 - past,
        "norms": 0.5 - past,
        "livelihoods": _capacity(row),
        "justice": 0.5 * (_capacity(row) + _accountability(row)),
        "inequality": inequality,
        "civil_society": _within(civil, 0.05, 0.95),
    }


def armed_groups_of(row: Row) -> dict[str, dict[str, Any]]:
    """Return state forces, a militia and rebels; per head as in `sim.country_generator`."""
    total = people_of(row)
    deaths = 2.0 ** row["battle_deaths"] if row["battle_deaths"] > 0.0 else 0.0
    less = 0.1 * row["past_killing"] + (0.1 if deaths >= _WAR else 0.0)
    rebels = max(0.0001 * total, min(10.0 * deaths, 0.004 * total))
    restraint = 0.4 if row["killing_approved"] else 0.7
    against = {"side": RULING, "target": RIVAL}
    return {
        "army": {
            "kind": "state", **against, "strength": 0.004 * total, "discipline": restraint - less,
        },
        "militia": {
            "kind": "militia", **against, "strength": 0.001 * total, "discipline": 0.4 - less,
        },
        "rebels": {
            "kind": "rebel", "side": RIVAL, "target": RULING, "strength": rebels,
            "discipline": 0.5 - less, "command": 0.8,
        },
    }  # fmt: skip


def shocks_of(row: Row) -> list[dict[str, Any]]:
    """Return what strikes the country, each kind at its own rate."""
    rates = {
        "coup_attempt": 0.13 if row["recent_coup"] else 0.02,
        "contested_election": 0.25 * (0.5 - 0.4 * row["free_discussion"]),
        "economic_slump": 0.076,
        "assassination": 0.005,
        "spill_over": 0.03,
    }
    return [
        {
            "kind": one.kind, "rate": rates[one.kind], "threat": one.threat,
            "grievance": one.grievance, "fear": one.fear, "division": one.division,
        }
        for one in RATES
    ]  # fmt: skip


def _capacity(row: Row) -> float:
    return _within(0.9 - 0.065 * row["infant_deaths"], 0.1, 0.9)


def _accountability(row: Row) -> float:
    return 0.15 + 0.4 * row["free_discussion"] + 0.2 * row["equal_rights"]


def _within(value: float, low: float, high: float) -> float:
    return float(min(max(value, low), high))
