"""What a meeting adopts is what the votes let through, however far apart the members stand.

The proofs that no outcome knows a lesson freeze mandates, and `test_bargaining.py` asks for the scale
that passes: a factor between the two would be a multiplier on unity that neither sees.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from test_mechanism_examples import nothing

from sim.agents.council import Council
from sim.ensemble import mandate_bargaining
from sim.fields import I, S
from sim.kinds import COMPROMISE
from sim.rules import RULES

POSITION, MIDDLE, PASSING = (0.9, 0.2), (0.3, 0.4), 0.6
SPREADS = (0.0, 0.5, 1.0)


@pytest.mark.parametrize("form", [0.0, COMPROMISE])
@pytest.mark.parametrize("spread", SPREADS)
def test_the_ensemble_adopts_the_scale_that_passes(
    form: float, spread: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, adopted = nothing(actors=3), []
    run.settings[[S.mandate_bargaining, S.form_bargaining]] = 1.0, form
    run.actors[I.stake], run.actors[I.weight] = 0.5, 1.0 / 3.0
    run.actors[I.position_pressure] = 0.5 - spread / 2, POSITION[0], 0.5 + spread / 2
    run.actors[I.position_protection] = 0.5 + spread / 2, POSITION[1], 0.5 - spread / 2
    for name, value in {
        "_recognised": 1, "_compromise": MIDDLE, "_passing_scale": PASSING,
    }.items():  # fmt: skip
        monkeypatch.setattr(mandate_bargaining, name, lambda *_, value=value: value)
    monkeypatch.setattr(mandate_bargaining, "_adopt", lambda run, *what: adopted.append(what))
    mandate_bargaining._meet(run, 0.0)
    mandate_bargaining._meet(run, PASSING)
    mandate_bargaining._meet(run, 0.61)
    assert adopted == [(*(MIDDLE if form == COMPROMISE else POSITION), PASSING)] * 2


@pytest.mark.parametrize("form", [0.0, COMPROMISE])
@pytest.mark.parametrize("spread", SPREADS)
def test_the_council_adopts_the_scale_that_passes(form: float, spread: float) -> None:
    adopted: list[Any] = []
    actors = [
        SimpleNamespace(stake=0.5, weight=1.0 / 3.0, position_pressure=one, position_protection=two)
        for one, two in ((0.5 - spread / 2, 0.5 + spread / 2), POSITION, (0.5 + spread / 2, 0.0))
    ]
    council: Any = SimpleNamespace(
        model=SimpleNamespace(
            settings=SimpleNamespace(mandate_bargaining=1.0, form_bargaining=form), actors=actors,
            rules=SimpleNamespace(proposed_scale=RULES["proposed_scale"]),
        ),
        friction=0.1, _mean_stake=lambda: 0.5, _compromise=lambda: MIDDLE,
        _recognised=lambda: actors[1], _passing_scale=lambda *_: PASSING,
        _adopt=lambda *what: adopted.append(what),
    )  # fmt: skip
    for smallest in (0.0, PASSING, 0.61):
        Council._meet(council, smallest)
    assert adopted == [(*(MIDDLE if form == COMPROMISE else POSITION), PASSING)] * 2
