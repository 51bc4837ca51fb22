"""Cases coded from a census count its people once, and divide them as their sources say."""

from __future__ import annotations

from typing import Any

import pytest
from files import historical, load

from sim.country import COUNTRY_KEYS, Country
from sim.figures import figure_range

CENSUS = {
    "cote_divoire_2010": 15_366_672,
    "central_african_republic_2013": 3_895_139,
    "gambia_2016": 1_857_181,
}
"""Published totals: RGPH 1998, RGPH 2003, census of 2013."""
REGIONS = {
    "cote_divoire_2010": {
        "Lagunes": (["Abidjan", "Abobo", "Yopougon", "Dabou"], 3_733_413),
        "Bas-Sassandra": (["San_Pedro", "Soubre", "Tabou"], 1_395_251),
        "Moyen-Cavally": (["Guiglo", "Duekoue", "Toulepleu"], 508_733),
    },
    "central_african_republic_2013": {
        "Ouham": (["Bossangoa", "Bouca", "Batangafo", "Kabo"], 369_220),
        "Mambere-Kadei": (["Berberati", "Carnot", "Gamboula"], 364_795),
    },
    "gambia_2016": {
        "Brikama": (["Brikama", "Sukuta", "Gunjur", "Sibanor", "Kanilai"], 688_744),
    },
    "myanmar_2016": {
        "Sittwe District": (
            ["Sittwe", "Thet_Kae_Pyin", "Ponnagyun", "Rathedaung", "Pauktaw"],
            687_922,
        ),
        "Maungdaw Township": (["Maungdaw", "Kyein_Chaung", "Alel_Than_Kyaw"], 510_214),
    },
}
NATIONAL = {
    ("cote_divoire_2010", "lmp_constituency"): (0.3804, 0.02),
    ("gambia_2016", "aprc_constituency"): (0.3964, 0.01),
    ("myanmar_2016", "rohingya"): (1.05 / 2.95, 0.01),
}
"""Shares of a group in the country by its own source, and how far the coding may be off."""


def country_of(raw: dict[str, Any]) -> Country:
    return Country.from_mapping({key: raw[key] for key in raw if key in COUNTRY_KEYS})


@pytest.mark.parametrize("case", CENSUS)
def test_the_places_add_up_to_the_published_census(case: str) -> None:
    assert country_of(load("country", case)).people.sum() == CENSUS[case]


@pytest.mark.parametrize(
    ("case", "region"), [(case, region) for case, found in REGIONS.items() for region in found]
)
def test_the_places_of_a_region_add_up_to_its_figure(case: str, region: str) -> None:
    country = country_of(load("country", case))
    places, people = REGIONS[case][region]
    assert country.population[[country.places.index(place) for place in places]].sum() == people


@pytest.mark.parametrize(("case", "group"), NATIONAL)
def test_a_group_has_its_share_of_the_country(case: str, group: str) -> None:
    country = country_of(load("country", case))
    share = country.people[country.groups.index(group)].sum() / country.people.sum()
    expected, allowed = NATIONAL[case, group]
    assert share == pytest.approx(expected, abs=allowed)


def test_muslims_are_a_small_minority_but_for_the_north_east_of_the_central_african_republic() -> (
    None
):
    country = country_of(load("country", "central_african_republic_2013"))
    muslims = country.people[country.groups.index("muslims")]
    assert 0.10 <= muslims.sum() / country.people.sum() <= 0.15
    leads = {
        place
        for place, theirs, everybody in zip(
            country.places, muslims, country.population, strict=True
        )
        if theirs > everybody / 2
    }
    assert leads == {"Ndele", "Birao"}


@pytest.mark.parametrize("end", [0, 1], ids=["low", "high"])
@pytest.mark.parametrize("case", historical())
def test_nobody_is_counted_twice_wherever_in_their_ranges_the_figures_lie(
    case: str, end: int
) -> None:
    raw = load("country", case)
    parts = {part for row in raw["places"].values() for part in row.get("includes", ())}
    whole = country_of(raw)
    moved = country_of(
        raw
        | {
            "places": {
                name: row | {"population": round(figure_range(row["population"])[end])}
                if name in parts
                else row
                for name, row in raw["places"].items()
            }
        }
    )
    assert moved.people.sum() == whole.people.sum()
    assert (moved.population[~moved.abroad] > 0).all()
