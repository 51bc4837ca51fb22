"""The places of a case hold the people of its census, each once, group by group."""

from __future__ import annotations

import pytest
from files import country_of

# People of the census; and the share of each group that the census or its best table gives.
TOTALS = {
    "bosnia_1992": 4_377_033,
    "burundi_2015": 8_053_574,
    "kenya_2007": 28_686_607,
    "rwanda_1994": 7_139_842,
}
GROUPS = {
    "bosnia_1992": ({"bosniaks": 0.4347, "serbs": 0.3121, "croats": 0.1738}, 0.0005),
    # The census of 1989; ranges by place are judged to add up to about it.
    "kenya_2007": ({"gema": 0.271, "kalenjin": 0.115, "luo": 0.124, "luhya": 0.144}, 0.01),
    "macedonia_1992": ({"macedonians": 0.665, "albanians": 0.229}, 0.015),
    "rwanda_1994": ({"tutsi": 0.084}, 0.015),
}


@pytest.mark.parametrize("case", TOTALS)
def test_places_add_up_to_the_census(case: str) -> None:
    assert country_of(case).people.sum() == TOTALS[case]


def test_the_places_of_macedonia_are_as_near_to_the_census_as_its_head_says() -> None:
    assert country_of("macedonia_1992").people.sum() == pytest.approx(1_936_877, rel=0.0005)


@pytest.mark.parametrize("case", GROUPS)
def test_groups_have_their_share_of_the_country(case: str) -> None:
    country = country_of(case)
    shares, near = GROUPS[case]
    for group, share in shares.items():
        people = country.people[country.groups.index(group)].sum()
        assert people / country.people.sum() == pytest.approx(share, abs=near), group
