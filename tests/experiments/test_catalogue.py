"""The catalogue command, what is generated from it, portfolios, and measures of one's own."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments import catalogue, catalogue_page, cross_cutting
from experiments.cli import main
from experiments.config import compose
from experiments.designs import design_of, scenario_of
from experiments.own_measures import read_measures_file
from experiments.run import one_world
from experiments.scenario_folder import scenarios_folder
from sim.errors import ForestallError
from sim.interventions import CATALOGUE
from sim.kinds import Channel, Trigger

EXAMPLE = Path(__file__).parent.parent / "sim" / "market_days.py"
IDS = [
    *(f"A{number}" for number in range(1, 18)),
    *(f"B{number}" for number in range(1, 19)),
    *(f"C{number}" for number in range(1, 8)),
]
"""Every measure of the source."""
READY = {
    "D1": "timely_decisive", "D2": "priority", "D3": "unity_variety", "D4": "national_attributes",
    "D5": "holistic", "D6": "forums_enforcement", "D7": "sustained", "D8": "warning_gap",
    "D9": "wrong_direction",
}  # fmt: skip
"""The experiments for what cuts across."""
ALONE = {
    "states_alone": "national", "international_alone": "international", "grassroots_alone": "local",
}  # fmt: skip
"""Portfolios of one level each, and that level."""
ALL = [*IDS, *READY, "P0"]
ASKED = ("acts_on", "lead", "source", "fails_when", "level", "pillar", "stands_for", "example")
"""What the catalogue says of each."""


def printed(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    assert main(["catalogue", *argv]) == 0
    return capsys.readouterr().out


def test_the_catalogue_lists_every_measure_of_the_source_with_what_is_asked_of_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = json.loads(printed(capsys, "--json"))
    assert [row["id"] for row in rows] == ALL
    for row in rows:
        for key in ASKED:
            assert isinstance(row[key], str), (row["id"], key)
            assert row[key].strip(), (row["id"], key)
        assert set(catalogue.COLUMNS) <= set(row)
        assert row.get("fails") or row["id"] in ("P0", *READY), row["id"]


def test_the_table_and_one_measure_are_printed_and_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    lines = printed(capsys).splitlines()
    assert [line.split()[0] for line in lines] == ["id", *ALL]
    assert "law on paper" in printed(capsys, "A1")
    assert printed(capsys, "managing_diversity") == printed(capsys, "A1")
    printed(capsys, "--csv", str(tmp_path / "measures.csv"))
    with (tmp_path / "measures.csv").open(encoding="utf-8") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert [*rows] == ALL
    assert all(rows[identity][key] for identity in rows for key in ASKED)
    for name, declared in CATALOGUE.items():  # every way to fail is there, with what it leaves
        told = rows[declared.id]["failures"]
        ways = [declared.fails_when, *(one.when for one in declared.also_fails)]
        assert all(way in told for way in ways), name
        left = "(it|`[a-z_.]+`( and `[a-z_.]+`)*)"
        kinds = len(
            re.findall(
                f"removes {left}|reverses {left}|leaves a tenth of {left} at most|"
                f"halves {left} or more|harms: `",
                told,
            )
        )
        assert kinds == len(ways) or name == "placebo", told
    assert printed(capsys, "a1") == printed(capsys, "A1")
    assert main(["catalogue", "B19"]) == 2
    assert "did you mean 'B9'" in capsys.readouterr().err


@pytest.mark.parametrize("where", ["", "missing/measures.csv"])
def test_a_table_that_cannot_be_written_is_the_users_mistake(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, where: str
) -> None:
    assert main(["catalogue", "--csv", str(tmp_path / where)]) == 2
    assert capsys.readouterr().err.startswith("forestall catalogue: --csv: cannot write to ")


def test_generated_files_are_fresh() -> None:
    for path, text in catalogue_page.files().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: write it anew"
    text = catalogue_page.PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^### ([A-Z]\d+) ", text, re.MULTILINE) == ALL


def test_effects_come_with_every_channel_and_what_it_lets_through(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    names = [channel.name.lower() for channel in Channel]
    text = printed(capsys, "--effects")
    rows = json.loads(printed(capsys, "--effects", "--json"))
    printed(capsys, "--effects", "--csv", str(tmp_path / "effects.csv"))
    with (tmp_path / "effects.csv").open(encoding="utf-8") as file:
        written = [row["channel"] for row in csv.DictReader(file) if row["channel"]]
    assert written == [row["channel"] for row in rows if "channel" in row] == names
    page = catalogue_page.PAGE.read_text(encoding="utf-8")
    readme = (catalogue_page.PAGE.parents[2] / "README.md").read_text(encoding="utf-8")
    for name in names:
        (said,) = (row["lets_through"] for row in rows if row.get("channel") == name)
        assert re.search(rf"^{name} +{re.escape(said)}$", text, re.MULTILINE), name
        assert f"| {name} | {said} |" in page
        assert f"`{name}`" in readme


@pytest.mark.long
def test_every_example_of_the_catalogue_can_be_run() -> None:
    for row in catalogue.catalogue():
        words = row["example"].replace("'", "").split()[2:]
        config = compose(words)
        assert list(config["interventions"]) == [row["name"]]
        assert len(design_of(config).points) == 2


def test_portfolios_cost_the_same_and_the_holistic_one_is_of_all_levels() -> None:
    rows = {row["portfolio"]: row for row in catalogue.portfolios()}
    assert set(rows) == {
        "national_structural", "early_diplomacy", "protection", "grassroots", "holistic", *ALONE,
    }  # fmt: skip
    for row in rows.values():
        assert row["weekly_cost"] == pytest.approx(5.0, rel=0.01)
    levels = {"local", "national", "regional", "international"}
    assert set(rows["holistic"]["levels"].split(", ")) == levels
    assert {name: rows[name]["levels"] for name in ALONE} == ALONE


def test_a_holistic_approach_is_held_against_portfolios_of_one_level_each() -> None:
    design = design_of(compose([f"experiment={READY['D5']}"]))
    sets = {frozenset(point.config["interventions"]) for point in design.points}
    for name in (*ALONE, "holistic"):
        assert frozenset(compose([f"portfolio={name}"])["interventions"]) in sets, name


def test_a_portfolio_replaces_the_measures_and_can_be_swept() -> None:
    config = compose(["portfolio=protection"])
    assert "mediation" not in config["interventions"]
    design = design_of(compose(["portfolio=protection,grassroots", "action.start=0"]))
    measures = [set(point.config["interventions"]) for point in design.points]
    assert len(measures) == 2
    assert measures[0] != measures[1]


@pytest.mark.one_in(4)
@pytest.mark.parametrize("identity", READY)
def test_every_condition_that_cuts_across_names_the_experiment_that_varies_it(
    capsys: pytest.CaptureFixture[str], identity: str
) -> None:
    name = READY[identity]
    (row,) = json.loads(printed(capsys, identity, "--json"))
    assert (row["id"], row["name"]) == (identity, name)
    assert row["example"] == f"forestall sweep experiment={name}"
    config = compose([f"experiment={name}"])
    assert config["design"]["factors"] == row["factors"]
    assert row["varies"] == ", ".join(row["factors"])
    assert "catalogue" not in config
    told = printed(capsys, name)
    assert "weekly_cost" not in told, "an experiment has no cost of its own"
    assert row["acts_on"] in told
    section = catalogue_page.PAGE.read_text(encoding="utf-8").partition(f"### {identity} `")[2]
    section = section.partition("\n### ")[0]
    for factor in row["factors"]:
        assert f"`{factor}`" in section


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ("  pillar: III\n", "catalogue.pillar: missing"),
        ("  level: international\n", "catalogue.level: missing"),
        ("  pillar: III\n  pilar: III\n", "unknown name 'pilar', did you mean 'pillar'"),
        ("  pillar: IV\n", "unknown name 'IV'"),
        ("  source: ''\n", "catalogue.source"),
        ("  lead: pope\n", "unknown name 'pope'"),
    ],
)
def test_what_an_experiment_says_of_itself_for_the_catalogue_is_whole_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str, said: str
) -> None:
    text = (scenarios_folder() / "experiment" / "wrong_direction.yaml").read_text(encoding="utf-8")
    (tmp_path / "experiment").mkdir()
    entry = changed.split(":")[0]
    (line,) = re.findall(rf"^{entry}: .*\n", text, re.MULTILINE)
    dropped = said.endswith("missing")
    (tmp_path / "experiment" / "mine.yaml").write_text(
        text.replace(line, "" if dropped else changed), encoding="utf-8"
    )
    monkeypatch.setattr(cross_cutting, "scenarios_folder", lambda: tmp_path)
    with pytest.raises(ForestallError, match=said):
        cross_cutting.cross_cutting()


@pytest.mark.one_in(4)
@pytest.mark.parametrize("name", sorted(READY.values()))
def test_every_point_of_a_ready_experiment_is_a_world(name: str) -> None:
    design = design_of(compose([f"experiment={name}"]))
    assert len(design.points) > 8
    for point in (design.points[0], design.points[-1]):
        assert scenario_of(point.config).measures


def test_the_experiment_on_unity_varies_how_many_act_and_nothing_that_they_have_in_all() -> None:
    found = {}
    for point in design_of(compose(["experiment=unity_variety"])).points:
        actors = scenario_of(point.config).actors
        assert actors.mean == pytest.approx((0.5, 0.5))
        assert np.average(actors.salience, weights=actors.weight) == pytest.approx(0.43)
        rows = point.config["actors"]["actors"].values()
        found[len(actors.names)] = [
            sum(row[name] for row in rows) for name in ("weight", "endowment", "contribution")
        ]
    assert sorted(found) == [3, 7, 12]
    assert found[3] == pytest.approx(found[7])
    assert found[12] == pytest.approx(found[7])


def test_what_the_experiment_on_the_warning_gap_sends_waits_for_a_warning_or_a_mandate() -> None:
    (point, *_) = design_of(compose(["experiment=warning_gap"])).points
    waits = {one.declaration.name: one.trigger for one in scenario_of(point.config).measures}
    assert waits.pop("early_action") is Trigger.ACTION
    assert set(waits.values()) == {Trigger.WARNING, Trigger.MANDATE}


def test_the_experiment_on_a_world_that_moves_wrongly_has_a_rate_of_shocks_to_move() -> None:
    points = design_of(compose(["experiment=wrong_direction"])).points
    assert {point.config["parameters"]["erosion"] for point in points} == {0, 0.05, 0.1, 0.2}
    assert any(shock.get("rate") for shock in points[0].config["country"]["shocks"])


# --- measures of one's own ------------------------------------------------------------------------


def test_a_python_file_of_measures_comes_in_with_its_hash(tmp_path: Path) -> None:
    plain = compose(["intervention=[mediation]"])
    entries = read_measures_file(EXAMPLE)
    config = compose(["interventions.market_days.intensity=0.5"], measures=entries)
    assert config["interventions"]["market_days"]["intensity"] == 0.5
    assert "market_days" not in plain["interventions"]
    own = scenario_of(config).measures[-1]
    assert (own.declaration.name, own.intensity) == ("market_days", 0.5)
    point = design_of(config).points[0].id
    other = tmp_path / "market_days.py"
    other.write_text(EXAMPLE.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    changed = compose(
        ["interventions.market_days.intensity=0.5"], measures=read_measures_file(other)
    )
    assert design_of(changed).points[0].id != point


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no DECLARATIONS"),
        ("DECLARATIONS = (1,)", "is not a Declaration"),
        ("raise ValueError('no')", "ValueError: no"),
        ("import no_such_thing", "no_such_thing"),
    ],
)
def test_a_mistaken_python_file_is_one_clear_line(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "mine.py"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ForestallError, match=said) as caught:
        read_measures_file(file)
    assert "\n" not in str(caught.value)


def test_a_scenario_file_cannot_name_a_python_file(tmp_path: Path) -> None:
    (tmp_path / "intervention").mkdir()
    entry: dict[str, Any] = {"measures": str(EXAMPLE), "effects": {"contact": 1.0}}
    lines = ["# @package interventions.mine", *(f"{key}: {value}" for key, value in entry.items())]
    (tmp_path / "intervention" / "mine.yaml").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ForestallError, match="unknown name 'measures'"):
        compose(["intervention=[mine]"], scenarios=tmp_path)


def test_what_the_file_of_an_own_measure_leaves_out_can_be_set_and_varied(tmp_path: Path) -> None:
    (tmp_path / "intervention").mkdir()
    (tmp_path / "intervention" / "mine.yaml").write_text(
        "# @package interventions.mine\neffects: {contact: 1.0}\nfails_when: x\n", encoding="utf-8"
    )
    chosen = ["intervention=[mine]", "interventions.mine.start=5"]
    (mine,) = scenario_of(compose(chosen, scenarios=tmp_path)).measures
    assert (mine.start, mine.duration, mine.intensity) == (5.0, np.inf, 1.0)
    swept = ["intervention=[mine]", "interventions.mine.start=0,26", "action.start=0"]
    points = design_of(compose(swept, scenarios=tmp_path)).points
    assert [scenario_of(point.config).measures[0].start for point in points] == [0.0, 26.0]
    later = compose([*chosen, "interventions.mine.trigger=deaths"], scenarios=tmp_path)
    assert scenario_of(later).measures[0].threshold == 1.0  # as is usual for that trigger
    with pytest.raises(ForestallError, match="unknown name 'mien', did you mean 'mine'"):
        compose(["intervention=[mine]", "interventions.mien.start=5"], scenarios=tmp_path)


def test_a_measure_without_its_first_line_is_told_which(tmp_path: Path) -> None:
    (tmp_path / "intervention").mkdir()
    text = "effects: {contact: 1.0}\nfails_when: x\n"
    (tmp_path / "intervention" / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ForestallError, match="must begin with the line '# @package interventions"):
        compose(["intervention=[mine]"], scenarios=tmp_path)


def test_a_run_takes_a_python_file_of_measures_as_a_sweep_does() -> None:
    config = one_world(["interventions.market_days.start=3"], measures=EXAMPLE)
    (own,) = [one for one in scenario_of(config).measures if one.declaration.name == "market_days"]
    assert own.start == 3.0


def test_a_scenario_file_cannot_claim_to_come_from_code(tmp_path: Path) -> None:
    (tmp_path / "intervention").mkdir()
    (tmp_path / "intervention" / "mine.yaml").write_text(
        "# @package interventions.mine\neffects: {contact: 1.0}\nfails_when: x\ncode: mine.py\n",
        encoding="utf-8",
    )
    with pytest.raises(
        ForestallError, match=r"^interventions\.mine\.code: a scenario file names no"
    ):
        compose(["intervention=[mine]"], scenarios=tmp_path)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"effects": {"contct": 1.0}, "fails_when": "x"}, "contact"),
        ({"effects": {}, "fails_when": "x"}, "one effect or more"),
        ({"effects": {"contact": 1.0}}, "fails_when: missing"),
        ({"effects": {"contact": -1.0}, "fails_when": "x"}, "effects.contact"),
        ({"effects": {"troops": 1, "aid": 1}, "fails_when": "x"}, "one of troops, aid, police"),
        ({"effects": {"contact": 1.0}, "fails_when": "x", "channel": "sea"}, "channel"),
        ({"effects": {"contact": 1.0}, "fails_when": "x", "lead": "pope"}, "lead"),
        ({"effects": {"contact": 1.0}, "fails_when": "x", "moves": 3}, "moves: 3 .* a list"),
        ({"effects": {"contact": 1.0}, "fails_when": "x", "also_fails": 3}, "also_fails: 3"),
        (
            {"effects": {"contact": 1.0}, "fails_when": "x", "also_fails": [{"when": "y"}]},
            "changes",
        ),
        ({"effects": {"contact": 1.0}, "fails_when": "x", "failure": "mostly"}, "failure"),
        ({"effects": {"contact": 1.0}, "fails_when": "x", "fails_of": ["people.fear"]}, "fails_of"),
    ],
)
def test_a_mistaken_measure_of_ones_own_names_its_entry(entry: dict[str, Any], said: str) -> None:
    config = compose(["intervention=[mediation]"])
    config["interventions"]["mine"] = entry
    with pytest.raises(ForestallError, match=said) as caught:
        scenario_of(config)
    assert "interventions.mine" in str(caught.value)
