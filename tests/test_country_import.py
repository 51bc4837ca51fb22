"""What the importer makes of tables of towns and roads, good and bad."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.country import Country
from sim.country_import import Imported, conflicts_from_table, country_from_tables
from sim.errors import ScenarioError

TOWNS = """\
"#name","region","country","latitude","longitude","location_type","conflict_date","population"
"Port Asta","West","Oria",-3.1,29.1,"conflict_zone",0,5000
"Bel, Upper","West","Oria",-3.2,29.2,"town",,1200
"Cray","East","Oria",-3.3,29.3,"town",,800
"Cross","East","Oria",-3.4,29.4,"marker",,
"Delta","Zone","Vell",-3.5,29.5,"camp",,3000
"Elm","Zone","Vell",-3.6,29.6,"forwarding_hub",,
"""
ROADS = """\
#name1,name2,distance [km],forced_redirection
Port Asta,"Bel, Upper",20,
"Bel, Upper",Cray,30.5,
Cray,Cross,7,
Cross,Elm,9,
Elm,Delta,11,2
"""
PLAIN_TOWNS = """\
name,latitude,longitude,population,kind,neighbour
Asta,-3.1,29.1,5000,,
Bel,-3.2,29.2,1200,community,
Delta,-3.5,29.5,3000,camp,Vell
"""
PLAIN_ROADS = "from,to,km\nAsta,Bel,20\nBel,Delta,30\n"


def read(towns: Any = TOWNS, roads: Any = ROADS, **settings: Any) -> Imported:
    return country_from_tables(towns, roads, **({"name": "Oria"} | settings))


def test_flee_tables_become_a_country_with_camps_and_hubs_across_the_border() -> None:
    country = Country.from_mapping(read().mapping)
    assert country.places == ("Port Asta", "Bel, Upper", "Cray", "Cross", "Delta", "Elm")
    assert country.population.tolist() == [5000, 1200, 800, 0, 0, 0]
    assert country.abroad.tolist() == [False, False, False, False, True, True]
    assert [item.name for item in country.neighbours] == ["Vell"]
    assert country.kind.tolist() == [0, 0, 0, 0, 1, 2]
    assert country.capacity[4] == 3000
    assert country.places[country.capital] == "Port Asta"
    assert country.road_km.tolist() == [20, 30.5, 7, 9, 11]
    assert country.latitude[1] == -3.2 and country.longitude[1] == 29.2


def test_the_plain_form_reads_without_and_with_the_optional_columns() -> None:
    full = Country.from_mapping(read(PLAIN_TOWNS, PLAIN_ROADS, form="plain").mapping)
    assert full.population.tolist() == [5000, 1200, 0]
    assert full.abroad.tolist() == [False, False, True]
    bare = "name,latitude,longitude,population\nAsta,1,2,5\nBel,1,3,6\n"
    only = Country.from_mapping(read(bare, "from,to,km\nBel,Asta,3\n", form="plain").mapping)
    assert only.population.tolist() == [5, 6] and only.neighbours == ()


@pytest.mark.parametrize(
    "header",
    [
        "#name,region,country,gps_x,gps_y,location_type,conflict_date,pop/cap",
        "#name,region,country,lat,lon,location_type,conflict_date,population",
        "name, region, country, latitude, longitude, location_type, conflict_date, population,",
        "\ufeff#Name,Region,Country,Latitude,Longitude,Location_type,Conflict_date,Population",
    ],
)
def test_older_headers_spaces_and_trailing_commas_read_the_same(header: str) -> None:
    older = "\n".join([header, *TOWNS.splitlines()[1:]])
    assert read(older).mapping == read().mapping


def test_blank_lines_and_comments_are_skipped() -> None:
    towns = TOWNS.replace('"Cray"', '\n# a comment, with a comma\n\n"Cray"', 1)
    assert read(towns).mapping == read().mapping


def test_lines_may_come_from_an_open_file_a_list_or_one_string() -> None:
    forms: list[tuple[Iterable[str], Iterable[str]]] = [
        (io.StringIO(TOWNS), io.StringIO(ROADS)),
        (TOWNS.splitlines(), ROADS.splitlines()),
        (TOWNS.replace("\n", "\r\n"), ROADS.replace("\n", "\r\n")),
    ]
    for towns, roads in forms:
        assert read(towns, roads).mapping == read().mapping


def test_groups_shares_and_exclusion_are_passed_on() -> None:
    settings = {
        "groups": ("a", "b"), "shares": {"a": 0.6, "b": 0.4}, "exclusion": {"b": 0.5},
        "capital": "Cray",
    }  # fmt: skip
    country = Country.from_mapping(read(**settings).mapping)
    assert country.people[:, 0].tolist() == [3000, 2000]
    assert country.exclusion[:, 0].tolist() == [0, 0.5]
    assert country.places[country.capital] == "Cray"


def test_the_home_country_can_be_named_and_towns_elsewhere_become_hubs_with_a_notice() -> None:
    towns = TOWNS.replace('"Cray","East","Oria"', '"Cray","East","Vell"')
    imported = read(towns)
    country = Country.from_mapping(imported.mapping)
    assert country.kind[2] == 2 and country.abroad[2]
    assert any("'Cray' lies in Vell" in notice for notice in imported.notices)
    assert not Country.from_mapping(read(towns, home="Vell", capital="Cray").mapping).abroad[2]


def test_tables_of_the_other_form_are_recognised_by_their_headers() -> None:
    with pytest.raises(ScenarioError, match=r"'from' is missing.*it is that of form 'flee'"):
        read(PLAIN_TOWNS, ROADS, form="plain")
    with pytest.raises(ScenarioError, match=r"'name1' is missing.*it is that of form 'plain'"):
        read(TOWNS, PLAIN_ROADS)


def test_missing_people_are_refused_by_name_or_become_a_range_with_a_notice() -> None:
    towns = TOWNS.replace(",,1200", ",,").replace(",,800", ",,")
    with pytest.raises(ScenarioError, match=r"2 of 6 \(Bel, Upper, Cray\)"):
        read(towns)
    imported = read(towns, missing_population=(100, 301))
    country = Country.from_mapping(imported.mapping)
    assert country.population.tolist()[:3] == [5000, 201, 201]
    assert any("Bel, Upper, Cray" in notice for notice in imported.notices)
    assert imported.mapping["places"]["Cray"]["population"]["grade"] == "D"


def test_roads_to_unknown_towns_are_refused_or_skipped_with_a_notice() -> None:
    roads = ROADS + "Cray,Creek,4,\n"
    with pytest.raises(ScenarioError, match=r"roads line 7: unknown name 'Creek'"):
        read(roads=roads)
    imported = read(roads=roads, skip_unknown=True)
    assert imported.mapping["roads"] == read().mapping["roads"]
    assert "roads line 7: skipped, no place 'Creek'" in imported.notices


def test_an_unknown_town_names_its_near_match() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'Port Asta'"):
        read(roads=ROADS.replace("Port Asta", "Port Astra"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("-3.1,29.1", ",29.1", "towns line 2: latitude: missing"),
        ("-3.1,29.1", "-3.1,", "towns line 2: longitude: missing"),
        ("-3.1,29.1", "x,29.1", "towns line 2: latitude: 'x' is not allowed, expected a number"),
        ("-3.1,29.1", "-93.1,29.1", "towns line 2: latitude: -93.1"),
        ("-3.1,29.1", "nan,29.1", "towns line 2: latitude: nan"),
        (",0,5000", ",0,-5000", "towns line 2: population: -5000.0 is not allowed"),
        (",0,5000", ",0,many", "towns line 2: population: 'many'"),
        (",0,5000", ",0,5000.5", "a whole number"),
        (",0,5000", ",0,5000,7", "towns line 2: 9 cells under 8 columns"),
        ('"Cray"', '"Port Asta"', "towns line 4: 'Port Asta' is given before, on towns line 2"),
        ('"Cray"', '""', "towns line 4: name: missing"),
        ('"Oria",-3.3', '"",-3.3', "towns line 4: country: missing"),
        ('"town"', '"twon"', "did you mean 'town'"),
        ('"latitude"', '"lattitude"', "towns: column 'latitude' is missing"),
        ('"region"', '"country"', "towns: column 'country' is given 2 times"),
        ('"Cray"', '"Cray', "towns line"),
    ],
)
def test_a_mistake_in_the_towns_is_refused_in_one_line(old: str, new: str, said: str) -> None:
    assert old in TOWNS
    with pytest.raises(ScenarioError) as error:
        read(TOWNS.replace(old, new, 1))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("roads", "said"),
    [
        (ROADS.replace(",20,", ",,"), "roads line 2: km: missing"),
        (ROADS.replace(",20,", ",far,"), "roads line 2: km: 'far'"),
        (ROADS.replace(",20,", ",-20,"), "roads line 2: km: -20.0"),
        (ROADS.replace(",20,", ",0,"), "a length above 0 (km)"),
        (ROADS.replace("Cray,Cross", "Cray,Cray"), "roads line 4: a road from 'Cray' to itself"),
        (ROADS + "Elm,Cross,9,\n", "this road is given twice"),
        (ROADS.replace("Cray,Cross,7,\n", ""), "no road joins 2 parts"),
        (ROADS.replace("name2", "nome2"), "roads: column 'name2' is missing"),
        ("", "roads: empty"),
        (ROADS.splitlines()[0], "no road joins 6 parts"),
    ],
)
def test_a_mistake_in_the_roads_is_refused_in_one_line(roads: str, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        read(roads=roads)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("towns", "said"),
    [
        ("", "towns: empty"),
        ("\n\n", "towns: empty"),
        (TOWNS.splitlines()[0], "towns: no line below the header"),
        ([b"name"], "towns: not text but bytes"),
        (io.TextIOWrapper(io.BytesIO(b"\xff\xfe\x00PAR1"), encoding="utf-8"), "towns: not UTF-8"),
    ],
)
def test_an_empty_table_or_one_that_is_not_text_is_refused(towns: Any, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        read(towns)


def test_an_unknown_form_or_home_is_refused_with_the_names_that_exist() -> None:
    with pytest.raises(ScenarioError, match="form: unknown name 'fleee', did you mean 'flee'"):
        read(form="fleee")
    with pytest.raises(ScenarioError, match="home: unknown name 'Orio', did you mean 'Oria'"):
        read(home="Orio")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_either_a_country_or_a_one_line_error(towns: str, roads: str) -> None:
    for form in ("flee", "plain"):
        try:
            read(towns, roads, form=form)
        except ScenarioError as error:
            assert len(str(error).splitlines()) == 1


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, len(TOWNS) - 1),
    st.integers(0, 12),
    st.text(alphabet='",#-.0129\nxA ', max_size=4),
)
def test_a_damaged_table_never_ends_in_anything_but_a_country_or_a_one_line_error(
    at: int, length: int, text: str
) -> None:
    damaged = TOWNS[:at] + text + TOWNS[at + length :]
    try:
        Country.from_mapping(read(damaged).mapping)
    except ScenarioError as error:
        assert len(str(error).splitlines()) == 1


CONFLICTS = """\
#Day, Port Asta, Nowhere, Cray, Delta,
0, 1, 0, 0, 0, 0
1, 1, 1, 0.5, 0,
4, 1, 0, 1, 0
"""


def test_conflict_by_day_keeps_the_columns_of_known_places_in_their_order() -> None:
    places = Country.from_mapping(read().mapping).places
    with pytest.raises(ScenarioError, match="conflicts: unknown name 'Nowhere'"):
        conflicts_from_table(CONFLICTS.replace(" 0, 0\n", " 0\n", 1), places)
    found = conflicts_from_table(CONFLICTS.replace(" 0, 0\n", " 0\n", 1), places, skip_unknown=True)
    assert found.places == ("Port Asta", "Cray", "Delta")
    assert found.days.tolist() == [0, 1, 4]
    assert found.level.tolist() == [[1, 0, 0], [1, 0.5, 0], [1, 1, 0]]
    assert found.notices == ["conflicts: skipped 'Nowhere', no such place"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("#Dai,Cray\n0,1\n", "conflicts: first column"),
        ("#Day,Cray\n0,2\n", "conflicts line 2: Cray: 2.0"),
        ("#Day,Cray\n0,\n", "conflicts line 2: Cray: missing"),
        ("#Day,Cray\nx,1\n", "conflicts line 2: Day: 'x'"),
        ("#Day,Cray\n1,1\n1,1\n", "conflicts line 3: Day: 1"),
        ("#Day,Cray\n1,1,1\n", "conflicts line 2: 3 cells under 2 columns"),
        ("", "conflicts: empty"),
    ],
)
def test_a_mistake_in_the_conflicts_is_refused_in_one_line(lines: str, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        conflicts_from_table(lines, ["Cray"])
    assert said in str(error.value)
