"""The places of a case hold the people of its census, each once, group by group."""

from __future__ import annotations

import pytest
from files import country_of, historical, load

from sim.country import COUNTRY_KEYS, Country
from sim.figures import figure_range

# People of the census; and the share of each group that the census or its best table gives.
TOTALS = {
    "bosnia_1992": 4_377_033,
    "burundi_2015": 8_053_574,
    "central_african_republic_2013": 3_895_139,
    "cote_divoire_2010": 15_366_672,
    "gambia_2016": 1_857_181,
    "kenya_2007": 28_686_607,
    "rwanda_1994": 7_099_842,
}
GROUPS = {
    "bosnia_1992": ({"bosniaks": 0.4347, "serbs": 0.3121, "croats": 0.1738}, 0.0005),
    # Muslims are 10 % by the census of 2003 and 15 % by others.
    "central_african_republic_2013": ({"muslims": 0.125}, 0.025),
    # Those who voted for the incumbent, in the first round and in the corrected count.
    "cote_divoire_2010": ({"lmp_constituency": 0.3804}, 0.02),
    "gambia_2016": ({"aprc_constituency": 0.3964}, 0.01),
    # The census of 1989; ranges by place are judged to add up to about it.
    "kenya_2007": ({"gema": 0.271, "kalenjin": 0.115, "luo": 0.124, "luhya": 0.144}, 0.01),
    "macedonia_1992": ({"macedonians": 0.665, "albanians": 0.229}, 0.015),
    "myanmar_2016": ({"rohingya": 1.05 / 2.95}, 0.01),
    "rwanda_1994": ({"tutsi": 0.084}, 0.015),
}
REGIONS = {
    ("central_african_republic_2013", "Ouham"): (
        ["Bossangoa", "Bouca", "Batangafo", "Kabo"],
        369_220,
    ),
    ("cote_divoire_2010", "Lagunes"): (["Abidjan", "Abobo", "Yopougon", "Dabou"], 3_733_413),
    ("cote_divoire_2010", "Moyen-Cavally"): (["Guiglo", "Duekoue", "Toulepleu"], 508_733),
    ("gambia_2016", "Brikama"): (["Brikama", "Sukuta", "Gunjur", "Sibanor", "Kanilai"], 688_744),
    ("myanmar_2016", "Sittwe District"): (
        ["Sittwe", "Thet_Kae_Pyin", "Ponnagyun", "Rathedaung", "Pauktaw"],
        687_922,
    ),
    ("myanmar_2016", "Maungdaw Township"): (
        ["Maungdaw", "Kyein_Chaung", "Alel_Than_Kyaw"],
        510_214,
    ),
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


@pytest.mark.parametrize(("case", "region"), REGIONS)
def test_the_places_of_a_region_add_up_to_its_figure(case: str, region: str) -> None:
    country = country_of(case)
    places, people = REGIONS[case, region]
    assert country.population[[country.places.index(place) for place in places]].sum() == people


def test_muslims_lead_only_in_the_north_east_of_the_central_african_republic() -> None:
    country = country_of("central_african_republic_2013")
    muslims = country.people[country.groups.index("muslims")]
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
    places = {
        name: row | {"population": round(figure_range(row["population"])[end])}
        if name in parts
        else row
        for name, row in raw["places"].items()
    }
    moved = Country.from_mapping(
        {key: raw[key] for key in raw if key in COUNTRY_KEYS and key != "places"}
        | {"places": places}
    )
    assert moved.people.sum() == country_of(case).people.sum()
    assert (moved.population[~moved.abroad] > 0).all()
