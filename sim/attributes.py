"""National attributes: six factors of a country that a study can set, as levels or as figures.

They are what the fourth lesson says decides: the commitment of leaders to peace, state capacity, civil
society, a culture of accountability, restraint on armed groups, and supportive neighbours. A scenario
sets them beside its country (``attributes: {commitment: strong, capacity: 0.35}``); what it leaves out
stays as the country says. Each factor replaces figures of the start and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.errors import unknown_name
from sim.figures import read_figure
from sim.reading import known_mapping

LEVELS: Mapping[str, float] = {"weak": 0.2, "middle": 0.5, "strong": 0.8}
"""Levels by name; the range that is sampled is from the first to the last."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One national factor, from 0 (worst for prevention) to 1.

    Attributes
    ----------
    name : str
        Name used in scenario files.
    meaning : str
        What it is, in one sentence.
    sets : str
        Figures of the start that it replaces.
    weak, strong : str
        What a country at the weak and at the strong level looks like.
    """

    name: str
    meaning: str
    sets: str
    weak: str
    strong: str


ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute(
        "commitment",
        "Commitment of the leadership to peace.",
        "government.commitment",
        "leaders who gain from conflict and say so",
        "leaders who have staked their office on peace",
    ),
    Attribute(
        "capacity",
        "Capacity of the state to hold its territory and to deliver.",
        "government.capacity",
        "a state that is absent outside the capital",
        "services and security in every district",
    ),
    Attribute(
        "civil_society",
        "Strength of civil society.",
        "society.civil_society",
        "no independent organisation survives",
        "dense, plural and free to speak",
    ),
    Attribute(
        "accountability",
        "Culture of accountability: chance that abuse is answered for at home.",
        "government.accountability",
        "impunity is the rule",
        "courts and parliament act on abuse, also of the powerful",
    ),
    Attribute(
        "restraint",
        "Restraint on armed groups: their internal discipline.",
        "discipline of every armed group",
        "armed men who answer to nobody",
        "forces under law and militias disarmed in practice",
    ),
    Attribute(
        "neighbours",
        "Support of the neighbours: from feeding a war (0) to helping peace (1).",
        "support of every neighbour",
        "neighbours that arm one side",
        "neighbours that close supply lines and guarantee agreements",
    ),
)


def read_attributes(raw: Mapping[str, object] | None) -> dict[str, float]:
    """Return the factors that a scenario sets, each in [0, 1]; None leaves one as the country says.

    Raises
    ------
    ScenarioError
        For a name that is no factor, or a value that is neither a level nor a figure in [0, 1].
    """
    names = [attribute.name for attribute in ATTRIBUTES]
    found = {}
    for name, value in known_mapping("attributes", raw, names).items():
        key = f"attributes.{name}"
        if value is None:
            continue
        if isinstance(value, str):
            if value not in LEVELS:
                raise unknown_name(key, value, LEVELS)
            found[name] = LEVELS[value]
        else:
            found[name] = read_figure(value, key, low=0.0, high=1.0, unit="share")
    return found
