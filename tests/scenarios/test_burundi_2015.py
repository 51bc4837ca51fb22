"""What the Burundi scenario claims about its own figures."""

from __future__ import annotations

from typing import Any

import files
import pytest

from sim.country import Country
from sim.figures import figure_range, read_figure

CENSUS_2008 = 8_053_574
PROVINCES = {
    "Bujumbura Mairie": (["Bujumbura"], 497_166),
    "Bujumbura Rural": (["Isale"], 464_818),
    "Bubanza": (["Bubanza"], 338_023),
    "Bururi": (["Bururi"], 313_102),
    "Cankuzo": (["Cankuzo"], 228_873),
    "Cibitoke": (["Cibitoke", "Bukinanyana"], 460_435),
    "Gitega": (["Gitega", "Makebuko"], 725_223),
    "Karuzi": (["Karuzi"], 436_443),
    "Kayanza": (["Kayanza", "Kabarore"], 585_412),
    "Kirundo": (["Kirundo"], 628_256),
    "Makamba": (["Makamba", "Commune_of_Mabanda"], 430_899),
    "Muramvya": (["Muramvya"], 292_589),
    "Muyinga": (["Muyinga", "Gashoho"], 632_409),
    "Mwaro": (["Mwaro"], 273_143),
    "Ngozi": (["Ngozi"], 660_717),
    "Rutana": (["Rutana"], 333_510),
    "Ruyigi": (["Ruyigi", "Gisuru"], 400_530),
    "Rumonge": (["Rumonge", "Burambi"], 352_026),
}


def load(group: str) -> dict[str, Any]:
    return files.load(group, "burundi_2015")


@pytest.fixture(scope="module")
def raw() -> dict[str, Any]:
    return load("country")


@pytest.fixture(scope="module")
def burundi(raw: dict[str, Any]) -> Country:
    return Country.from_mapping(raw)


def test_the_country_counts_everybody_of_the_census_of_2008_once(burundi: Country) -> None:
    assert burundi.people.sum() == CENSUS_2008


@pytest.mark.parametrize("province", PROVINCES)
def test_the_towns_of_a_province_add_up_to_its_census_figure(
    burundi: Country, province: str
) -> None:
    towns, people = PROVINCES[province]
    at = [burundi.places.index(town) for town in towns]
    assert burundi.population[at].sum() == people
    assert (burundi.population[at] > 0).all()


def test_the_total_stays_exact_wherever_in_their_ranges_the_missing_figures_lie(
    raw: dict[str, Any],
) -> None:
    for end in (0, 1):
        places = {
            name: row | {"population": round(figure_range(row["population"])[end])}
            if "low" in row.get("population", {})
            else row
            for name, row in raw["places"].items()
        }
        moved = Country.from_mapping(raw | {"places": places})
        assert moved.people.sum() == CENSUS_2008


def test_the_ruling_constituency_has_its_national_share_of_the_communal_election(
    burundi: Country,
) -> None:
    ruling = burundi.people[burundi.groups.index("ruling_constituency")].sum()
    assert ruling / CENSUS_2008 == pytest.approx(0.6403, abs=0.0005)


def test_the_opposition_leads_only_in_the_capital_its_surroundings_and_the_south(
    burundi: Country,
) -> None:
    opposition = burundi.people[burundi.groups.index("opposition_constituency")]
    leads = {
        place
        for place, theirs, everybody in zip(
            burundi.places, opposition, burundi.population, strict=True
        )
        if theirs > everybody / 2
    }
    assert leads == {"Bujumbura", "Isale", "Bururi", "Rumonge", "Burambi"}


def test_camps_lie_abroad_and_are_empty_at_the_start(burundi: Country) -> None:
    abroad = {p for p, out in zip(burundi.places, burundi.abroad, strict=True) if out}
    assert abroad == {"Mahama", "Nduta", "Nyarugusu", "Kagunga", "Nakivale", "Lusenda"}
    assert burundi.people[:, burundi.abroad].sum() == 0
    assert {item.name for item in burundi.neighbours} == {
        burundi.neighbours[i].name for i in burundi.neighbour[burundi.abroad]
    }


def test_the_shock_falls_on_a_week_that_the_baseline_reaches(raw: dict[str, Any]) -> None:
    assert [(shock["kind"], shock["week"]) for shock in raw["shocks"]] == [
        ("contested_election", 26)
    ]


def test_armed_groups_stand_on_two_sides_that_are_groups_of_the_country(
    raw: dict[str, Any],
) -> None:
    for name, group in raw["armed_groups"].items():
        assert set(group) == {"kind", "side", "target", "strength", "discipline"}, name
        assert {group["side"], group["target"]} == set(raw["groups"]), name


def test_the_votes_of_the_actors_sum_to_one_and_both_blocs_can_veto() -> None:
    actors = load("actors")["actors"]
    weights = [read_figure(actor["weight"], name) for name, actor in actors.items()]
    assert sum(weights) == pytest.approx(1.0, abs=1e-9)
    assert [name for name, actor in actors.items() if actor["veto"]] == [
        "western_council_members",
        "russia_and_china",
    ]
