"""What `scenarios/CODING.md` asks of every case is true of every case."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from files import country_of, historical, load, names

from experiments.config import compose
from experiments.designs import scenario_of
from experiments.scenario_folder import scenarios_folder
from experiments.second_coder import figures_of
from sim.engines import run
from sim.figures import figure_range, read_figure

CASES = historical()
COURSES = names("course/actual")
# What may stand bare: facts of a column that has one source, the lever of a study, weeks.
BARE = (".latitude", ".longitude", "[2]", ".week")
CODED = (".weeks", "chronicle[")
LEVER = "actors.dispersion"  # of a study; how united actors were is a figure of the course
# Dated shocks that nobody knew at the cut-off, by the day on which they fell, each with the reason that
# its file gives (scenarios/CODING.md, "Shocks"). A case with one is not coded from its cut-off alone.
LATER = {
    "macedonia_1992": {
        "1999-03-24": "came from next door and is dated as it fell, because it was the test "
        "of what had been built",
    },
}
# Entries whose figures lie on a scale from 0 to 1 (-1 to 1 for the support of neighbours).
SCALES = ("exclusion", "neighbours", "government", "society", "armed_groups", "shocks")


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("group", ["country", "actors", "course/actual", "record"])
def test_every_figure_of_a_case_has_a_source_and_a_grade(case: str, group: str) -> None:
    assert bare_figures(load(group, case), group) == []


def bare_figures(scenario: Mapping[str, Any], group: str) -> list[str]:
    """Return the figures of a file of a case that should have a source and a grade and stand bare."""
    bare = []
    coded = {name: entry for name, entry in scenario.items() if name != "sources"}
    for key, figure in figures_of(coded, group):
        if isinstance(figure, Mapping):
            if not isinstance(figure.get("value"), str) and set(figure) & {"value", "low"}:
                low, high = figure_range(figure, key)
                assert low <= read_figure(figure, key) <= high
        elif not key.endswith(BARE) and key != LEVER:
            bare.append(key)
    return [key for key in bare if not any(part in key for part in CODED)]


@pytest.mark.parametrize("case", COURSES)
def test_how_united_actors_were_is_a_figure_of_the_course_and_no_lever(case: str) -> None:
    course = load("course/actual", case)
    assert isinstance(course["actors"]["dispersion"], Mapping)
    course["actors"]["dispersion"] = 0.8
    assert bare_figures(course, "course/actual") == ["course/actual.actors.dispersion"]


@pytest.mark.parametrize("case", CASES)
def test_bare_coordinates_and_roads_have_a_source_for_the_column(case: str) -> None:
    sources = load("country", case)["sources"]
    for column in ("coordinates", "roads"):
        assert len(sources[column]["source"]) > 5
        assert sources[column]["grade"] in "ABCD"


@pytest.mark.parametrize("case", CASES)
def test_a_judgement_gives_its_reason(case: str) -> None:
    for group in ("country", "actors", "course/actual"):
        for key, figure in figures_of(load(group, case), group):
            if isinstance(figure, Mapping) and figure["grade"] == "D":
                source = str(figure["source"])
                assert len(source) >= 15, f"{key}: {source}"


@pytest.mark.parametrize("case", CASES)
def test_a_judgement_on_a_scale_leaves_room_for_doubt(case: str) -> None:
    raw = load("country", case)
    judged = {name: raw[name] for name in SCALES if name in raw}
    for key, figure in figures_of(judged, "country"):
        if not isinstance(figure, Mapping) or figure["grade"] != "D" or "strength" in key:
            continue
        low, high = figure_range(figure, key)
        # That an institution does not exist is a fact, whatever its grade.
        assert high - low >= 0.2 - 1e-9 or (low == 0.0 and high <= 0.1), f"{key}: {low} to {high}"


@pytest.mark.parametrize("case", CASES)
def test_shocks_fall_on_the_first_days_after_the_cut_off_but_for_those_that_a_file_explains(
    case: str,
) -> None:
    raw = load("country", case)
    begins, known = (date.fromisoformat(raw[name]) for name in ("begins", "known_until"))
    assert begins < known
    text = (scenarios_folder() / "country" / f"{case}.yaml").read_text(encoding="utf-8")
    said = " ".join(line.removeprefix("#").strip() for line in text.splitlines() if line[:1] == "#")
    dated = [begins + timedelta(weeks=one["week"]) for one in raw["shocks"] if "rate" not in one]
    first, *others = sorted(dated)
    assert timedelta(days=-7) <= first - known <= timedelta(days=7)
    later = [one for one in others if one - known > timedelta(days=7)]
    reasons = LATER.get(case, {})
    assert len(later) == len(reasons)
    for struck, (day, reason) in zip(later, sorted(reasons.items()), strict=True):
        assert timedelta(0) <= date.fromisoformat(day) - struck < timedelta(days=7)
        assert reason in said
        assert f"{date.fromisoformat(day):%d %B %Y}" in said


@pytest.mark.parametrize("case", CASES)
def test_a_case_has_communities_enough_and_ways_out(case: str) -> None:
    country = country_of(case)
    assert 15 <= (~country.abroad).sum() <= 30
    assert country.abroad.any()
    assert country.people[:, country.abroad].sum() == 0
    used = {country.neighbours[i].name for i in country.neighbour[country.abroad]}
    assert used == {neighbour.name for neighbour in country.neighbours}


@pytest.mark.parametrize("case", CASES)
def test_no_road_is_shorter_than_the_straight_line(case: str) -> None:
    country = country_of(case)
    lat, lon = np.radians(country.latitude), np.radians(country.longitude)
    for a, b, km in zip(country.road_from, country.road_to, country.road_km, strict=True):
        chord = (
            math.sin((lat[a] - lat[b]) / 2) ** 2
            + math.cos(lat[a]) * math.cos(lat[b]) * math.sin((lon[a] - lon[b]) / 2) ** 2
        )
        straight = 2 * 6371.0 * math.asin(math.sqrt(chord))
        assert straight <= km, (country.places[a], country.places[b], straight, km)


@pytest.mark.parametrize("case", CASES)
def test_votes_sum_to_about_one_and_actors_stand_on_every_side(case: str) -> None:
    actors = load("actors", case)["actors"]
    weights = [read_figure(actor["weight"], name) for name, actor in actors.items()]
    assert sum(weights) == pytest.approx(1.0, abs=0.05)
    assert 4 <= len(actors) <= 12
    deviation = np.array(
        [[read_figure(one, name) for one in row["deviation"]] for name, row in actors.items()]
    )
    assert (deviation.min(axis=0) < 0).all() and (deviation.max(axis=0) > 0).all()


@pytest.mark.parametrize("case", CASES)
def test_where_actors_stand_is_a_judgement_with_a_grade_a_reason_and_room_for_doubt(
    case: str,
) -> None:
    """On both axes, of every actor and of their mean: nobody has measured a position."""
    raw = load("actors", case)
    points = {"mean": (raw["mean"], 0.0, 0.2)}
    for actor, row in raw["actors"].items():
        points[actor] = (row["deviation"], -1.0, 0.4)
    reasons = []
    for name, (point, least, doubt) in points.items():
        assert len(point) == 2, name
        for axis, figure in enumerate(point):
            key = f"{name}[{axis}]"
            assert isinstance(figure, Mapping), f"{key} stands bare"
            assert figure["grade"] in ("C", "D"), key
            assert "value" in figure, key
            low, high = figure_range(figure, key)
            assert least <= low and high <= 1.0, key
            # At the end of a scale doubt goes one way only.
            ends = low == least or high == 1.0
            assert high - low >= (0.5 if ends else 1.0) * doubt - 1e-9, f"{key}: {low} to {high}"
            if figure["grade"] == "D":
                assert str(figure["source"]).startswith("judgement: "), key
            reasons.append(figure["source"])
    assert len(set(reasons)) > len(reasons) / 2  # a reason of its own for most


@pytest.mark.parametrize("case", COURSES)
def test_a_figure_that_replaces_an_actors_own_has_the_same_keys(case: str) -> None:
    own = load("actors", case)["actors"]
    given: Mapping[str, Any] = load("course/actual", case).get("actors", {}).get("actors", {})
    for actor, row in given.items():
        for name, figure in row.items():
            numbers = {"value", "low", "high"}
            assert set(own[actor][name]) & numbers <= set(figure) & numbers, (actor, name)


@pytest.mark.parametrize("case", COURSES)
def test_a_chronicle_is_told_in_order_and_within_the_horizon(case: str) -> None:
    course = load("course/actual", case)
    weeks = [event["week"] for event in course["chronicle"]]
    assert weeks == sorted(weeks)
    assert weeks[-1] < course["weeks"]
    begins = date.fromisoformat(load("country", case)["begins"])
    for event in course["chronicle"]:
        if "date" in event:
            since = date.fromisoformat(event["date"]) - begins
            assert event["week"] == max(since.days // 7, 0), event


@pytest.mark.one_in(5)
@pytest.mark.parametrize("case", names("country"))
def test_both_engines_agree_on_every_case_from_the_shock_on(case: str) -> None:
    config = compose([f"country={case}", "weeks=10", "action.start=0"])
    for shock in config["country"].get("shocks") or ():
        shock["week"] = 1
        shock.pop("rate", None)
    scenario = scenario_of(config)
    both = [
        run(
            [scenario], scenario=np.zeros(2, dtype=int), replicate=np.arange(2), seed=3, engine=name
        )
        for name in ("agents", "compiled")
    ]
    assert both[0].series.tobytes() == both[1].series.tobytes()
    assert both[0].outcomes.tobytes() == both[1].outcomes.tobytes()


@pytest.mark.one_in(4)
@pytest.mark.parametrize("case", COURSES)
def test_every_actual_course_runs_to_its_horizon(case: str) -> None:
    scenario = scenario_of(compose([f"country={case}", "course=actual"]))
    assert scenario.measures
    found = run([scenario], scenario=np.zeros(4, dtype=int), replicate=np.arange(4), seed=1)
    assert np.isfinite(found.outcomes).all()
    assert found.series.shape[1] == load("course/actual", case)["weeks"]


def test_every_historical_case_has_a_course_and_a_record() -> None:
    assert set(CASES) == set(COURSES) == set(names("record"))


def test_the_case_to_begin_with_runs_as_it_stands_in_the_guide(tmp_path: Path) -> None:
    guide = (scenarios_folder() / "CODING.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n# (\w+/velaria\.yaml)\n(.*?)```", guide, re.DOTALL)
    assert [name for name, _ in blocks] == ["country/velaria.yaml", "actors/velaria.yaml"]
    for name, text in blocks:
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, encoding="utf-8")
    scenario = scenario_of(compose(["country=velaria", "weeks=52"], scenarios=tmp_path))
    assert scenario.country.people[:, 0].sum() == 500_000  # without those of Tor, who are included
    found = run([scenario], scenario=np.zeros(4, dtype=int), replicate=np.arange(4), seed=1)
    assert np.isfinite(found.outcomes).all()
