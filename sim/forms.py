"""Rival forms of three mechanisms, for structural sensitivity: the same question, another theory.

A form is a setting of the scenario (``forms: {bargaining: compromise}``). The first of each list is
the model's own. A finding that holds under one form alone is a finding about that form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.reading import choice, known_mapping


@dataclass(frozen=True, slots=True)
class Form:
    """One way to model a mechanism.

    Attributes
    ----------
    name : str
        Name used in scenario files.
    meaning : str
        What it says, in one sentence.
    source : str
        Theory that it stands for.
    """

    name: str
    meaning: str
    source: str


FORMS: Mapping[str, tuple[Form, ...]] = {
    "elite_choice": (
        Form(
            "quantal_response",
            "Leaders choose the better order more often, with errors.",
            "McKelvey & Palfrey 1995",
        ),
        Form(
            "best_response",
            "Leaders under threat choose the order of highest value, without error.",
            "Fearon 1995 (rational choice)",
        ),
        Form(
            "aspiration",
            "Leaders try orders from the mildest on and keep the first that is good enough.",
            "Simon 1955 (satisficing)",
        ),
    ),
    "bargaining": (
        Form(
            "agenda_setter",
            "One actor at a time proposes its own position, and others take or leave it.",
            "Romer & Rosenthal 1978; Baron & Ferejohn 1989",
        ),
        Form(
            "compromise",
            "The mean of all positions, weighted by votes and stakes, is what is voted on.",
            "Van den Bos 1991; Achen 2006",
        ),
    ),
    "belief_updating": (
        Form("bayes", "Every observation counts the same.", "Kydd 2005"),
        Form(
            "reinforcement",
            "The last experience counts most: belief moves a share of the way to it.",
            "Rescorla & Wagner 1972; Erev & Roth 1998",
        ),
        Form(
            "confirmation",
            "Observations against the belief held are discounted.",
            "Rabin & Schrag 1999",
        ),
    ),
    "foresight": (
        Form(
            "myopic",
            "Leaders and rebels count with the mandate that is in force.",
            "Simon 1955 (bounded rationality)",
        ),
        Form(
            "forward_looking",
            "They count with what outsiders would do if they acted, as far as they believe in it.",
            "Kuperman 2008; Kydd & Straus 2013",
        ),
    ),
}


def read_forms(raw: Mapping[str, object] | None) -> dict[str, int]:
    """Return the chosen form of each mechanism that has several, by its position in `FORMS`.

    Raises
    ------
    ScenarioError
        For a name that is no such mechanism, or no form of it.
    """
    chosen = dict.fromkeys(FORMS, 0)
    for name, value in known_mapping("forms", raw, FORMS).items():
        options = {form.name: position for position, form in enumerate(FORMS[name])}
        chosen[name] = choice(f"forms.{name}", value, options)
    return chosen
