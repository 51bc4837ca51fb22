"""A scenario file of a user sets the section of its group; what oversteps is refused in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from experiments.cli import main
from experiments.config import compose
from experiments.designs import design_of
from experiments.file_sections import refuse_endless_numbers, refuse_overstep
from experiments.scenario_folder import scenarios_folder
from sim.errors import ForestallError

CHOSEN = {
    "country": ["country=mine", "actors=archetype"],
    "actors": ["actors=mine"],
    "intervention": ["intervention=[mine]"],
    "portfolio": ["portfolio=mine"],
    "course": ["course=mine"],
    "executor": ["executor=mine"],
    "posterior": ["posterior=mine"],
    "experiment": ["experiment=mine"],
}
HEAD = "# @package _global_\n"
SETS = "parameters: {backlash: 0.2}\nactors: {dispersion: 1}\n"
ENDLESS = "1" * 5000


def written(folder: Path, files: dict[str, str]) -> Path:
    """Write a folder of scenarios."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def refusal(folder: Path, files: dict[str, str], group: str) -> str:
    """Return the one line with which a folder is refused."""
    with pytest.raises(ForestallError) as caught:
        compose(CHOSEN[group], scenarios=written(folder, files))
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("group", [group for group in CHOSEN if group != "experiment"])
@pytest.mark.parametrize(
    "head",
    [
        HEAD,
        "# @package parameters\n",
        "# @package interventions.mine.parameters\n",
        "# @package _global_.parameters\n",
        "# @other thing\u2028# @package actions\n",
    ],
)
def test_no_file_but_an_experiment_sets_more_than_its_section(
    tmp_path: Path, group: str, head: str
) -> None:
    said = refusal(tmp_path, {f"{group}/mine.yaml": head + SETS}, group)
    assert f"{group}/mine.yaml: " in said or said.startswith("course: unknown name 'parameters'")


def test_an_experiment_may_set_everything(tmp_path: Path) -> None:
    config = compose(
        CHOSEN["experiment"], scenarios=written(tmp_path, {"experiment/mine.yaml": HEAD + SETS})
    )
    assert config["parameters"] == {"backlash": 0.2}


@pytest.mark.parametrize(
    ("group", "text", "words"),
    [
        ("country", HEAD + "name: mine\n", ("@package _global_", "sets its own section")),
        ("actors", HEAD + "actors: {mean: [0, 0]}\n", ("@package _global_", "its own section")),
        ("intervention", HEAD + "effects: {contact: 1}\n", ("'# @package interventions.mine'",)),
        (
            "intervention",
            "# @package interventions.mediation\nintensity: 0.1\ncost: 9.0\n",
            ("'# @package interventions.mediation' is not", "says '# @package interventions.mine'"),
        ),
        ("portfolio", HEAD + "action: {start: 3}\n", ("unknown name 'action'", "interventions")),
        ("portfolio", HEAD + "intervention: {}\n", ("did you mean 'interventions'",)),
        ("portfolio", HEAD + "actors: {actors: {un: {endowment: 9}}}\n", ("name 'actors'",)),
        ("portfolio", "interventions: {}\n", ("must begin with the line '# @package _global_'",)),
        ("portfolio", HEAD + f"<<: {{{SETS.splitlines()[0]}}}\n", ("'<<'", "write it out")),
        ("country", "defaults: [archetype_mixed, evil@_global_]\n", ("country/", "'evil@_global_'")),
        ("country", "defaults: [{evil@_global_: x}]\n", ("country/", "'evil@_global_'")),
        ("country", "defaults: [{override /actors: archetype}]\n", ("'override /actors'",)),
        ("country", "defaults: [/experiment/evil]\n", ("'/experiment/evil'",)),
        ("actors", "defaults: [archetype, {/portfolio: grassroots}]\n", ("actors/", "'/portfolio'")),
        ("portfolio", HEAD + "defaults: [{override /country: kenya_2007}]\n", ("/country",)),
        ("portfolio", HEAD + "defaults: [{/intervention@_global_: x}]\n", ("intervention@",)),
        ("course", HEAD + "defaults: [evil]\n", ("intervention/", "'evil'")),
        ("course", HEAD + "defaults: [{override /actors: archetype}]\n", ("/actors",)),
        ("intervention", "# @package interventions.mine\ndefaults: [/country/x]\n", ("/country/x",)),
    ],
)  # fmt: skip
def test_a_file_that_oversteps_is_refused_with_file_and_entry(
    tmp_path: Path, group: str, text: str, words: tuple[str, ...]
) -> None:
    said = refusal(tmp_path, {f"{group}/mine.yaml": text}, group)
    assert said.startswith(f"--scenarios: {group}/mine.yaml: ")
    for word in words:
        assert word in said


def test_what_oversteps_ends_a_command_with_one_line_and_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path / "own", {"portfolio/mine.yaml": HEAD + SETS})
    few = ["replicates=1", "weeks=1"]
    assert main(["sweep", "--scenarios", str(folder), "portfolio=mine", *few]) == 2
    said = capsys.readouterr().err
    assert "portfolio/mine.yaml: unknown name 'parameters'" in said
    assert len(said.strip().splitlines()) == 1


def test_files_that_keep_to_their_section_are_read(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        {
            "country/mine.yaml": "defaults: [archetype_mixed, _self_]\nname: Mine\n",
            "actors/mine.yaml": "# @package actors\ndefaults: [archetype, _self_]\ndispersion: 0.1\n",
            "intervention/mine.yaml": "# @package interventions.mine\ncost: 0.7\n"
            "effects: {contact: 1.0}\nfails_when: nobody comes\n",
            "portfolio/mine.yaml": HEAD
            + "defaults: [{override /intervention: [mediation, mine]}, _self_]\n"
            + "interventions: {mine: {ramp: 2}}\n",
        },
    )
    config = compose(["country=mine", "portfolio=mine"], scenarios=folder)
    assert (config["country"]["name"], config["actors"]["dispersion"]) == ("Mine", 0.1)
    assert list(config["interventions"]) == ["mediation", "mine"]
    assert [config["interventions"]["mine"][key] for key in ("cost", "ramp")] == [0.7, 2]


def test_every_packaged_file_keeps_to_what_a_users_may_set() -> None:
    files = sorted(scenarios_folder().rglob("*.yaml"))
    for file in files:
        text = file.read_text(encoding="utf-8")
        root = yaml.compose(text, yaml.SafeLoader)
        refuse_overstep(file.relative_to(scenarios_folder()), text, root)
        refuse_endless_numbers(file.name, root)
    assert len(files) > 120


# --- numbers without end --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "text", "key"),
    [
        ("portfolio", HEAD + f"interventions: {{mediation: {{cost: {ENDLESS}}}}}\n",
         "interventions.mediation.cost"),
        ("country", f"name: x\nplaces:\n- a: 3\n  b: [1, -{ENDLESS}]\n", "places[0].b[1]"),
        ("course", HEAD + f"weeks: {ENDLESS[:2]}_{ENDLESS}\n", "weeks"),
        ("actors", f"one: &far {ENDLESS}\ntwo: *far\n", ""),
        ("experiment", HEAD + f"design: {{factors: {{action.start: [0, {ENDLESS}]}}}}\n",
         "design.factors.action.start[1]"),
    ],
)  # fmt: skip
def test_a_number_of_thousands_of_digits_in_a_file_names_file_and_entry(
    tmp_path: Path, group: str, text: str, key: str
) -> None:
    said = refusal(tmp_path, {f"{group}/mine.yaml": text}, group)
    assert said.startswith(f"--scenarios: {group}/mine.yaml: {key}")
    assert said.endswith("thousands of digits is not allowed, expected at most 4,300 digits")


@pytest.mark.parametrize(
    ("override", "key"),
    [
        (f"seed={ENDLESS}", "seed"),
        (f"++parameters.backlash={ENDLESS}", "parameters.backlash"),
        (f"action.start=0,-{ENDLESS}", "action.start"),
        (f"parameters={{backlash: {ENDLESS}}}", "parameters"),
    ],
)
def test_a_number_of_thousands_of_digits_in_an_override_names_its_entry(
    capsys: pytest.CaptureFixture[str], override: str, key: str
) -> None:
    assert main(["sweep", override]) == 2
    said = capsys.readouterr().err
    assert said.startswith(
        f"forestall sweep: {key}: a number of thousands of digits is not allowed"
    )
    assert len(said) < 200


def test_a_number_of_thousands_of_digits_in_an_interval_names_its_factor(tmp_path: Path) -> None:
    text = f"design: {{factors: {{action.start: 'interval(0,{ENDLESS})'}}}}\n"
    folder = written(tmp_path, {"experiment/mine.yaml": HEAD + text})
    with pytest.raises(ForestallError, match=r"^design\.factors\.action\.start: a number of thous"):
        design_of(compose(["experiment=mine"], scenarios=folder))


def test_text_of_many_digits_is_no_number(tmp_path: Path) -> None:
    folder = written(
        tmp_path, {"country/mine.yaml": f"defaults: [archetype_mixed]\nname: '{ENDLESS}'\n"}
    )
    config = compose(CHOSEN["country"], scenarios=folder)
    assert config["country"]["name"] == ENDLESS
