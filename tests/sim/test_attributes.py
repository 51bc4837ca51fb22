"""National attributes replace figures of the start, and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small_worlds import everything, finished, same_bits, scenario

from sim.attributes import ATTRIBUTES, LEVELS
from sim.errors import ScenarioError
from sim.fields import A, C, G, S
from sim.initial import initial_columns

STRONG = {attribute.name: "strong" for attribute in ATTRIBUTES}


def test_every_factor_sets_what_it_says() -> None:
    columns = initial_columns(scenario(everything(), attributes=STRONG))
    strong = LEVELS["strong"]
    for figure in (G.commitment, G.capacity, G.accountability):
        assert columns.government[figure] == strong
    assert (columns.communities[C.civil_society] == strong).all()
    assert (columns.armed[A.discipline] == strong).all()
    assert columns.settings[S.helping] == pytest.approx(2.0 * strong - 1.0)
    assert columns.settings[S.feeding] == 0.0
    assert (
        scenario(everything(), attributes={"neighbours": "weak"}).country.neighbours[0].support < 0
    )


@pytest.mark.parametrize("name", [attribute.name for attribute in ATTRIBUTES])
def test_a_factor_changes_the_run_and_at_the_countrys_own_figure_it_does_not(name: str) -> None:
    country = everything()["country"]
    for group in country["armed_groups"].values():
        group["discipline"] = 0.4
    for neighbour in country["neighbours"].values():
        neighbour["support"] = 0.0
    country["government"] |= {"commitment": 0.4, "capacity": 0.4, "accountability": 0.4}
    country["society"] = {"civil_society": 0.4}
    world = everything(country=country, weeks=60)
    plain = finished(scenario(world))
    same = finished(scenario(world, attributes={name: 0.5 if name == "neighbours" else 0.4}))
    assert same_bits(plain, same)
    other = finished(scenario(world, attributes={name: "strong"}))
    assert not np.array_equal(plain.series, other.series)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"comitment": 0.5}, "attributes: unknown name 'comitment', did you mean 'commitment'?"),
        (
            {"capacity": "string"},
            "attributes.capacity: unknown name 'string', did you mean 'strong'?",
        ),
        ({"capacity": 1.5}, "attributes.capacity: 1.5 is not allowed, expected between 0 and 1"),
    ],
)
def test_a_mistaken_factor_is_one_clear_line(entry: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario(everything(), attributes=entry)
    assert str(caught.value).startswith(said)
