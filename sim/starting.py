"""Starting figures: every number of a country and its actors that a run starts from, once.

A scenario file gives them (as figures with source and grade, see `sim.figures`); what they may be,
what stands in where one is missing, and within what range a study samples them is said here and
nowhere else. Validation, the generated documentation and sampling ranges are made from this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.errors import ScenarioError
from sim.figures import figure_range, read_figure

MOST_PEOPLE = 1e12
MOST_ARMED = 1e7
MOST_MONEY = 1e6


@dataclass(frozen=True, slots=True)
class StartingFigure:
    """One number that a run starts from.

    Attributes
    ----------
    section : str
        Entry of the scenario in which it stands; ``*`` is any name.
    name : str
        Its name there.
    default : float or None
        What stands in where a scenario says nothing; None where it has to.
    low, high : float
        Range that is allowed.
    sampled : tuple of two floats, or None
        Range that a study samples unless it says otherwise, or the figure gives a range of its own;
        None where only its own range makes sense (people, money, armed persons).
    unit, meaning : str
    sets : str
        State variable that starts at it.
    source : str
        Where the range comes from, and what the ends stand for.
    """

    section: str
    name: str
    default: float | None
    low: float
    high: float
    sampled: tuple[float, float] | None
    unit: str
    meaning: str
    sets: str
    source: str

    @property
    def key(self) -> str:
        """Dotted name in a configuration, ``*`` for any name."""
        return f"{self.section}.{self.name}"

    def read(self, raw: Mapping[str, Any], key: str) -> float:
        """Return the figure of one entry.

        Parameters
        ----------
        raw : mapping
            The entry that holds it.
        key : str
            Dotted name of the entry, for the error.

        Raises
        ------
        ScenarioError
            If it is missing and has no default, or is no figure within its range.
        """
        if self.name in raw:
            return self.number(raw[self.name], f"{key}.{self.name}")
        if self.default is None:
            raise ScenarioError(f"{key}.{self.name}: missing")
        return self.default

    def number(self, raw: object, key: str) -> float:
        """Return the number that a figure stands for, held to the range of this row."""
        return read_figure(raw, key, low=self.low, high=self.high, unit=self.unit)

    def range_of(self, raw: object) -> tuple[float, float]:
        """Return the range that a study samples: the figure's own where it has one.

        Parameters
        ----------
        raw : object
            What a scenario file says, or None where it says nothing.
        """
        if raw is not None:
            low, high = figure_range(raw, self.key)
            if low < high or self.sampled is None:
                return low, high
        if self.sampled is None:
            assert self.default is not None  # a figure that has to be given is given here
            return self.default, self.default
        return self.sampled


def _share(
    section: str, name: str, default: float | None, meaning: str, sets: str, source: str,
    sampled: tuple[float, float] = (0.05, 0.95),
) -> StartingFigure:  # fmt: skip
    return StartingFigure(section, name, default, 0.0, 1.0, sampled, "share", meaning, sets, source)


def _amount(
    section: str, name: str, default: float | None, high: float, unit: str, meaning: str,
    sets: str, source: str,
) -> StartingFigure:  # fmt: skip
    return StartingFigure(section, name, default, 0.0, high, None, unit, meaning, sets, source)


GOVERNMENT, SOCIETY = "country.government", "country.society"
ARMED_GROUP, NEIGHBOUR = "country.armed_groups.*", "country.neighbours.*"
SHOCK, PLACE = "country.shocks.*", "country.places.*"
SETTLEMENT = "country.settlement"
ACTOR, RULE = "actors.actors.*", "actors.rule"
_MIDDLING = (
    "judgement: a middling figure where a country says nothing; anchors in scenarios/CODING.md"
)
_WIDE = "judgement: between the worst and the best states of the record"

# fmt: off
STARTING: tuple[StartingFigure, ...] = (
    # --- government -------------------------------------------------------------------------------
    _share(GOVERNMENT, "capacity", None, "Capacity to hold the territory and to deliver.",
           "government.capacity", "Hanson & Sigman 2021 (relative capacity of states); " + _WIDE),
    _share(GOVERNMENT, "commitment", None, "Commitment of the leadership to peace.",
           "government.commitment", _WIDE),
    _share(GOVERNMENT, "accountability", None, "Chance that abuse is answered for at home.",
           "government.accountability", "V-Dem accountability index (scale); " + _WIDE),
    _share(GOVERNMENT, "consent", None, "Consent to outside presence in quiet times.",
           "government.openness", _WIDE),
    _share(GOVERNMENT, "legitimacy", 0.5, "Legitimacy in quiet times.",
           "government.legitimacy", _MIDDLING),
    _share(GOVERNMENT, "cohesion", 0.7, "Cohesion of the elite.",
           "government.cohesion", "judgement: elites mostly hold together, short of a coup"),
    _share(GOVERNMENT, "focal_point", 0.0, "Strength of the national focal point for prevention.",
           "government.focal_point", "more than 60 states have one (UN Secretary-General 2019); none "
           "unless a country says so", sampled=(0.0, 0.5)),
    _share(GOVERNMENT, "human_rights_institution", 0.0, "Strength of the human rights institution.",
           "government.human_rights_institution", "scale of the accreditation by GANHRI; none beyond "
           "what accountability counts unless a country says so", sampled=(0.0, 0.8)),
    _share(GOVERNMENT, "ombudsman", 0.0, "Strength of the ombudsman.",
           "government.ombudsman", "as the human rights institution", sampled=(0.0, 0.8)),
    _share(GOVERNMENT, "oversight", 0.0, "Strength of oversight by parliament.",
           "government.oversight", "as the human rights institution", sampled=(0.0, 0.8)),
    _share(GOVERNMENT, "courts", 0.0, "Strength of the courts.",
           "government.courts", "as the human rights institution", sampled=(0.0, 0.8)),
    _amount(GOVERNMENT, "budget", 0.0, MOST_MONEY, "million USD",
            "Domestic money for programmes over the horizon.", "government.budget",
            "the country's own figure"),
    # --- society ----------------------------------------------------------------------------------
    _share(SOCIETY, "trust", 0.5, "Trust of the groups in each other in quiet times.",
           "people.trust", _MIDDLING),
    _share(SOCIETY, "norms", 0.5, "Share who hold violence to be wrong in quiet times.",
           "people.norms", _MIDDLING),
    _share(SOCIETY, "livelihoods", 0.5, "How well people can live in peace.",
           "community.livelihoods", _MIDDLING),
    _share(SOCIETY, "justice", 0.5, "Access to justice and local dispute resolution.",
           "community.justice", _MIDDLING),
    _share(SOCIETY, "inequality", 0.0, "Horizontal inequality of a wholly excluded group: how far its "
           "living lies behind.", "people.inequality", "Cederman, Weidmann & Gleditsch 2011 (gaps "
           "in income between groups); none unless a country says so",
           sampled=(0.0, 0.6)),
    _share(SOCIETY, "civil_society", 0.5, "Strength of civil society.",
           "community.civil_society", "V-Dem civil society index (scale); " + _MIDDLING),
    # --- people, places, neighbours ---------------------------------------------------------------
    _share(PLACE, "exclusion", 0.0, "Share of a group's people shut out of power and public goods.",
           "people.exclusion", "EPR: discriminated and powerless groups (Vogt et al. 2015)",
           sampled=(0.0, 0.9)),
    _amount(PLACE, "population", None, MOST_PEOPLE, "persons", "People of the place.",
            "community.population", "the country's own figure"),
    _amount(PLACE, "capacity", float("inf"), MOST_PEOPLE, "persons",
            "Displaced people whom a camp can take in.", "community.capacity",
            "the country's own figure; unlimited where unknown"),
    _share(NEIGHBOUR, "openness", None, "Openness of the border to those who flee.",
           "community.openness", "judgement: borders are seldom wholly shut (UNHCR)",
           sampled=(0.2, 1.0)),
    StartingFigure(NEIGHBOUR, "support", 0.0, -1.0, 1.0, (-0.8, 0.8), "support",
                   "Feeds the war across the border (-1) or helps peace (1).",
                   "settings.feeding, settings.helping", _WIDE),
    # --- armed groups -----------------------------------------------------------------------------
    _amount(ARMED_GROUP, "strength", None, MOST_ARMED, "armed persons", "Strength in quiet times.",
            "armed_group.strength_usual", "the country's own figure"),
    _share(ARMED_GROUP, "discipline", None, "Internal discipline and restraint.",
           "armed_group.discipline", "Weinstein 2007, Hoover Green 2018 (scale); " + _WIDE),
    _share(ARMED_GROUP, "command", 0.9, "Share of the ordered attacks that are carried out.",
           "armed_group.command", "judgement: orders are mostly carried out", sampled=(0.5, 1.0)),
    # --- settlement -------------------------------------------------------------------------------
    StartingFigure(SETTLEMENT, "in_force", 0.0, 0.0, 1.0, None, "0 or 1",
                   "1 where an agreement or a ceasefire between the parties is in force at the start.",
                   "world.agreement", "the country's own figure: what the parties have signed"),
    # --- shocks -----------------------------------------------------------------------------------
    _share(SHOCK, "threat", 0.0, "Threat that it brings to the government.",
           "world.shock_threat", "judgement: from a lost vote to a coup under way",
           sampled=(0.1, 0.8)),
    _share(SHOCK, "grievance", 0.0, "Grievance that it brings to the groups out of government.",
           "world.shock_grievance", "judgement", sampled=(0.0, 0.5)),
    _share(SHOCK, "fear", 0.0, "Fear that it brings to the groups out of government.",
           "world.shock_fear", "judgement", sampled=(0.0, 0.5)),
    _share(SHOCK, "division", 0.0, "Share of the elite's cohesion that it costs (a coup).",
           "world.shock_division", "sign: Roessler 2011; size: judgement", sampled=(0.0, 0.6)),
    _share(SHOCK, "livelihoods", 0.0, "Share of livelihoods that it costs everywhere (a slump).",
           "world.slump", "sign: Miguel, Satyanath & Sergenti 2004; size: judgement, from a recession "
           "to a collapse", sampled=(0.0, 0.4)),
    _share(SHOCK, "arms", 0.0, "Finance that it brings to rebels (a spill-over from next door).",
           "armed_group.finance", "sign: Salehyan 2009, Buhaug & Gleditsch 2008; size: judgement",
           sampled=(0.0, 0.5)),
    StartingFigure(SHOCK, "rate", 0.0, 0.0, 52.0, (0.0, 0.5), "1/year",
                   "Rate at which it strikes, where it has no date.", "world.shock_threat",
                   "coups attempted: some 0.02 a year and country, more where there were some "
                   "(Powell & Thyne 2011)"),
    # --- international actors ---------------------------------------------------------------------
    _amount(ACTOR, "weight", None, MOST_MONEY, "votes", "Votes; shares of the total are what counts.",
            "actor.weight", "the actors' own figure"),
    _share(ACTOR, "salience", None, "Salience of prevention in ordinary times.",
           "actor.salience_usual", "judgement: prevention is seldom first on an agenda",
           sampled=(0.05, 0.8)),
    _amount(ACTOR, "endowment", None, MOST_MONEY, "million USD", "Money for prevention.",
            "actor.endowment", "the actors' own figure"),
    _share(ACTOR, "contribution", None, "Share of the requested peacekeepers that it can offer.",
           "actor.contribution", "the actors' own figure", sampled=(0.0, 0.5)),
    StartingFigure(ACTOR, "tie", 0.0, -1.0, 1.0, (-0.8, 0.8), "tie",
                   "Tie to the government (1) or to its opponents (-1).", "actor.tie", _WIDE),
    StartingFigure(RULE, "quota", 0.5, 1e-9, 1.0, (0.5, 0.9), "share of the votes",
                   "Share of the votes that a mandate needs.", "settings.quota",
                   "simple majority to the larger majorities of regional charters"),
)
# fmt: on

_BY_KEY = {figure.key: figure for figure in STARTING}


def starting_figure(section: str, name: str) -> StartingFigure:
    """Return one row of the table."""
    return _BY_KEY[f"{section}.{name}"]


def starting_figures(section: str) -> tuple[StartingFigure, ...]:
    """Return the rows of one section, in order."""
    return tuple(figure for figure in STARTING if figure.section == section)


def read_starting(section: str, raw: Mapping[str, Any], key: str) -> dict[str, float]:
    """Return all figures of a section by name, as one entry of a scenario gives them.

    Raises
    ------
    ScenarioError
        If one is missing that has no default, or is no figure within its range.
    """
    return {figure.name: figure.read(raw, key) for figure in starting_figures(section)}


def names_of(section: str) -> tuple[str, ...]:
    """Return the names of a section's figures, in order."""
    return tuple(figure.name for figure in starting_figures(section))
