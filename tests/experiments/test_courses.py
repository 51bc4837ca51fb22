"""A course brings what was done and nothing of the country; hostile ones are refused in one line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from experiments.config import compose
from experiments.scenario_folder import scenarios_folder
from sim.errors import ForestallError

HEAD = "# @package _global_\n"
FIGURE = "{value: 3, source: somebody, grade: C}"


def with_course(folder: Path, content: str, name: str = "mine") -> list[str]:
    """Write a course of one's own and return the override that chooses it."""
    (folder / "course").mkdir(exist_ok=True)
    (folder / "course" / f"{name}.yaml").write_text(HEAD + content)
    return [f"course={name}"]


def test_a_country_brings_its_own_actors() -> None:
    for file in sorted((scenarios_folder() / "country").glob("*.yaml")):
        own = scenarios_folder() / "actors" / file.name
        assert own.is_file(), f"{own} is missing"
        assert compose([f"country={file.stem}"])["actors"]["actors"]


def test_other_actors_can_be_chosen_for_a_country() -> None:
    composed = compose(["country=burundi_2015", "actors=burundi_2015"])
    assert composed["actors"] == compose([])["actors"]


def test_a_country_without_actors_says_so_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "country").mkdir()
    (tmp_path / "country" / "mine.yaml").write_text("name: mine\n")
    with pytest.raises(ForestallError, match=r"^actors: none are coded for country 'mine'.*NAME"):
        compose(["country=mine"], scenarios=tmp_path)


def test_without_a_course_the_measures_are_the_studys_own() -> None:
    composed = compose([])
    assert composed["course"] == "none"
    assert set(composed["interventions"]) == {"mediation", "peacekeeping", "humanitarian_aid"}


def test_a_course_without_a_file_for_the_country_says_which_countries_have_one(
    tmp_path: Path,
) -> None:
    (tmp_path / "country").mkdir()
    (tmp_path / "country" / "mine.yaml").write_text("name: mine\n")
    with pytest.raises(ForestallError, match="no actual course is coded for country 'mine'"):
        compose(["country=mine", "actors=burundi_2015", "course=actual"], scenarios=tmp_path)


def test_the_figures_of_a_course_are_numbers_in_the_configuration(tmp_path: Path) -> None:
    chosen = with_course(
        tmp_path,
        f"action: {{start: {FIGURE}}}\n"
        "interventions:\n"
        "  peacekeeping:\n"
        "    intensity: {low: 100, high: 300, source: somebody, grade: D}\n"
        "    duration: {value: sustained, source: somebody, grade: D}\n"
        "actors: {dispersion: {value: 0.25, source: somebody, grade: D}}\n",
    )
    composed = compose(chosen, scenarios=tmp_path)
    assert composed["course"] == "mine"
    assert composed["action"]["start"] == 3
    assert composed["interventions"]["peacekeeping"]["intensity"] == 200
    assert composed["interventions"]["peacekeeping"]["duration"] == "sustained"
    assert composed["actors"]["dispersion"] == 0.25


def test_what_is_given_on_the_command_line_wins_over_the_course(tmp_path: Path) -> None:
    chosen = with_course(tmp_path, f"action: {{start: {FIGURE}}}\n")
    assert (
        compose([*chosen, "action.start=never"], scenarios=tmp_path)["action"]["start"] == "never"
    )


def test_the_chronicle_of_a_course_is_for_the_reader_and_leaves_no_trace(tmp_path: Path) -> None:
    event = "{week: 3, event: they met, source: somebody, grade: C}"
    plain = compose(with_course(tmp_path, "weeks: 60\n"), scenarios=tmp_path)
    told = with_course(tmp_path, f"weeks: 60\nchronicle: [{event}]\n", name="told")
    assert compose(told, scenarios=tmp_path) | {"course": "mine"} == plain


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("country: {government: {commitment: 0.1}}", ("course", "'country'")),
        ("parameters: {lethality_kill: 0.1}", ("course", "'parameters'")),
        ("output: /tmp/elsewhere", ("course", "'output'")),
        ("acton: {start: 3}", ("course", "did you mean 'action'")),
        ("actors: {mean: [0, 0]}", ("course.actors", "'mean'")),
        ("actors: {actors: {tanzania: {veto: true}}}", ("course.actors.actors.tanzania", "'veto'")),
        ("action: {start: {value: 3, grade: C}}", ("action.start", "source")),
        ("action: {start: {value: 3, source: x, grade: E}}", ("action.start", "grade")),
        ("chronicle: [{week: 3, event: met}]", ("course.chronicle[0].week", "source")),
        ("chronicle: [{week: 3, source: x, grade: A}]", ("course.chronicle[0].event", "missing")),
        ("chronicle: met", ("course.chronicle", "list")),
        ("action: {_target_: os.system}", ("action._target_", "is data")),
        ("action: {start: '${oc.env:HOME}'}", ("action.start", "is data")),
        ("action: {start: !!python/name:os.getcwd }", ("python/name",)),
        ("defaults: ['../../../etc/hosts']", ("mine.yaml", "not the name of a scenario file")),
        ("defaults: [{/country: ../secret}]", ("mine.yaml", "not the name of a scenario file")),
        ("defaults: [{override /intervention: ['../x']}]", ("mine.yaml", "scenario file")),
        ("defaults: [{/intervention: [0]}]", ("mine.yaml", "'0 (int)' is not the name")),
        ("defaults: ['${oc.env:HOME}']", ("mine.yaml", "not the name of a scenario file")),
    ],
)
def test_a_course_that_oversteps_is_refused_with_one_line(
    tmp_path: Path, content: str, words: tuple[str, ...]
) -> None:
    chosen = with_course(tmp_path, content + "\n")
    with pytest.raises(ForestallError) as refusal:
        compose(chosen, scenarios=tmp_path)
    assert "\n" not in str(refusal.value)
    for word in words:
        assert word in str(refusal.value)


def test_the_part_of_a_course_for_one_country_may_not_overstep_either(tmp_path: Path) -> None:
    chosen = with_course(tmp_path, "weeks: 60\n")
    part = tmp_path / "course" / "mine" / "burundi_2015.yaml"
    part.parent.mkdir()
    part.write_text(HEAD + f"action: {{start: {FIGURE}}}\n")
    assert compose(chosen, scenarios=tmp_path)["action"]["start"] == 3
    part.write_text(HEAD + "parameters: {lethality_kill: 0.1}\n")
    with pytest.raises(ForestallError, match=r"^course: unknown name 'parameters'"):
        compose(chosen, scenarios=tmp_path)


def test_a_course_outside_of_the_global_package_is_told_its_first_line(tmp_path: Path) -> None:
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "mine.yaml").write_text("weeks: 60\n")
    with pytest.raises(ForestallError, match="'mine' must begin with the line '# @package _global"):
        compose(["course=mine"], scenarios=tmp_path)


def test_a_link_to_a_file_outside_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("name: hunter2\n")
    own = tmp_path / "own"
    (own / "country").mkdir(parents=True)
    (own / "country" / "mine.yaml").symlink_to(tmp_path / "secret.yaml")
    with pytest.raises(ForestallError, match="link to a file outside") as refusal:
        compose(["country=mine", "actors=burundi_2015"], scenarios=own)
    assert "hunter2" not in str(refusal.value)


def test_a_link_to_a_folder_hides_no_file_from_the_reader(tmp_path: Path) -> None:
    elsewhere, own = tmp_path / "elsewhere", tmp_path / "own"
    elsewhere.mkdir()
    (elsewhere / "mine.yaml").write_text("# @package hydra.launcher\n_target_: os.system\n")
    own.mkdir()
    (own / "intervention").symlink_to(elsewhere)
    with pytest.raises(ForestallError, match=r"^--scenarios: intervention is a link to a folder"):
        compose(["intervention=[mediation,mine]"], scenarios=own)


def test_a_pipe_in_the_place_of_a_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "country").mkdir()
    os.mkfifo(tmp_path / "country" / "mine.yaml")
    with pytest.raises(ForestallError, match=r"country/mine\.yaml: not a file$"):
        compose(["country=mine", "actors=burundi_2015"], scenarios=tmp_path)
