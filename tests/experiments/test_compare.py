"""``forestall compare`` on stored results, and designs at equal resource-weeks."""

from __future__ import annotations

import json
from dataclasses import replace
from math import inf, nan
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fake_engine import FakeEngine

from experiments import designs, results
from experiments.compare import compare, main, read_levers
from experiments.compare_text import _number, text
from experiments.config import compose
from experiments.designs import scenario_of
from experiments.resource_weeks import at_equal_resource_weeks, full_dose_weeks, shares_of_dose
from experiments.sweep import run_sweep
from sim.errors import ForestallError


@pytest.fixture
def folder(config: Any) -> Path:
    return run_sweep(config("output=r"), engine=FakeEngine())


def test_the_tables_are_written_beside_the_results_and_printed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(folder)]) == 0
    said = capsys.readouterr().out
    effects = pd.read_csv(folder / "compare" / "effects.csv")
    assert effects["point"].tolist() == results.open(folder).points
    assert (effects["equal"] == "endowment").all()
    differences = pd.read_csv(folder / "compare" / "differences.csv")
    assert set(differences["outcome"]) == set(results.open(folder).outcomes)
    for words in ("Deaths averted", "independent pairs", "start 0, united"):
        assert words in said
    for end in ("svg", "png"):
        assert (folder / "figures" / f"paired_differences.{end}").stat().st_size > 0


def test_few_pairs_that_differ_and_one_that_outweighs_the_rest_are_said(folder: Path) -> None:
    found = compare(folder)
    calm = found.effects.assign(pairs_differing=500, largest_pair=0.1)
    assert "note: at" not in text(replace(found, effects=calm), level=0.95)
    few = text(replace(found, effects=calm.assign(pairs_differing=19)), level=0.95)
    assert "fewer than 20 pairs differ" in few
    assert "one pair has more than 25%" not in few
    large = text(replace(found, effects=calm.assign(largest_pair=0.3)), level=0.95)
    assert f"at {len(calm)} points one pair has more than 25% of all deaths that differ" in large


def test_of_very_many_points_those_that_avert_most_and_fewest_deaths_are_shown(
    folder: Path,
) -> None:
    found = compare(folder)
    first = found.effects["point"].iloc[0]
    names = [f"p{number:03d}" for number in range(100)]

    def repeated(table: pd.DataFrame) -> pd.DataFrame:
        row = table[table["point"] == first]
        return pd.concat([row] * 100, ignore_index=True).assign(point=names)

    many = repeated(found.points).assign(**{"action.start": range(100)})
    # A mean that is neither in the order of points nor in that of starts.
    averted = [float((37 * number) % 100 - 50) for number in range(100)]
    effects = repeated(found.effects).assign(deaths_averted=averted)
    said = text(replace(found, effects=effects, points=many), level=0.95)
    assert "shown are 40 of 100 points: those that avert most deaths in the mean" in said
    block = said.split("Mass killing, % of runs")[0].splitlines()
    shown = [line for line in block if line.startswith("start ")]
    expected = sorted(range(100), key=lambda number: -averted[number])
    expected = [*expected[:20], *expected[-20:]]
    assert [int(line.split(",")[0].split()[1].lstrip("+")) for line in shown] == expected
    # What is said of all points is said of all, whichever are shown.
    assert "note: at 100 points fewer than 20 pairs differ" in said
    fewer = replace(found, effects=effects.head(40), points=many)
    assert "shown are" not in text(fewer, level=0.95)


def test_a_sweep_that_was_not_finished_is_said_to_be(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = compare(folder)
    assert found.runs_stored == found.runs_wanted
    assert "runs are stored" not in text(found, level=0.95)
    part = replace(
        found, runs_stored=30, effects=found.effects.assign(n=[0, *found.effects["n"][1:]])
    )
    points = len(found.effects)
    said = f"{points - 1:,} of {points:,} points are compared"
    assert f"30 of {found.runs_wanted:,} runs are stored, {said}" in text(part, level=0.95)
    main(["--json", "--no-figures", str(folder)])
    (kept,) = json.loads(capsys.readouterr().out)
    assert kept["runs_stored"] == kept["runs_wanted"] == found.runs_wanted


def test_what_is_rounded_to_nothing_has_no_sign() -> None:
    assert (_number(-0.001, 2), _number(-0.4), _number(-1.5, 1)) == ("0.00", "0", "-1.5")


@pytest.mark.parametrize(
    ("cost", "averted", "spent", "said", "meaning"),
    [
        ((900, 400, 2_000), (9, 4, 20), (1, 0.5, 2), "900 [400, 2,000]", ""),
        ((-900, -2_000, -400), (9, 4, 20), (-1, -2, -0.5), "dominant", "costs less"),
        ((900, -100, 2_000), (9, 4, 20), (1, -0.1, 2), "900 [dominant, 2,000]", "costs less"),
        ((nan, nan, nan), (-9, -20, -4), (1, 0.5, 2), "dominated", "costs lives"),
        ((nan, nan, nan), (-9, -20, 4), (1, 0.5, 2), "undefined", "no meaning"),
        ((nan, nan, nan), (-9, -20, -4), (-1, -2, -0.5), "undefined", "no meaning"),
        ((900, -inf, inf), (9, 4, 20), (1, 0.5, 2), "900 [any number, any number]", ""),
    ],
)
def test_a_cost_per_death_averted_without_a_meaning_has_the_word_of_health_economics(
    folder: Path, cost: Any, averted: Any, spent: Any, said: str, meaning: str
) -> None:
    found = compare(folder)
    columns = {"cost_per_death_averted": cost, "deaths_averted": averted, "extra_spent": spent}
    given = {
        f"{name}{end}": value
        for name, values in columns.items()
        for end, value in zip(("", "_low", "_high"), values, strict=True)
    }
    effects = found.effects.iloc[:1].assign(**given)
    table = text(replace(found, effects=effects), level=0.95).split("Resources, realised\n")[1]
    head, row, *notes = table.split("\n\n")[0].splitlines()
    assert head.endswith("USD per death averted")
    assert row.endswith(f"  {said}")
    assert [meaning in note for note in notes] == [True] * bool(meaning)


def test_json_holds_the_same_numbers_and_no_nan(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(folder), "--json", "--no-figures"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    effects = pd.read_csv(folder / "compare" / "effects.csv")
    averted = [row["deaths_averted"] for row in found["effects"]]
    assert averted == pytest.approx(effects["deaths_averted"].tolist())
    assert found["effects"][0]["action.arrival"] is None


def test_only_the_points_that_are_asked_for_are_compared(folder: Path) -> None:
    found = compare(folder, read_levers(["action.start=4", "actors.dispersion=0,1"]))
    assert found.effects["action.start"].tolist() == [4, 4]
    assert compare(folder, read_levers(["action.arrival=bargained"])).effects.shape[0] == 4


def test_points_can_be_compared_with_each_other(folder: Path) -> None:
    found = compare(folder, {}, {"actors.dispersion": 0.0})
    runs = results.open(folder).runs
    treated = runs[runs["arm"] == "treatment"].set_index(["point", "replicate"])["direct_deaths"]
    for row in found.effects.to_dict("records"):
        expected = (treated[row["baseline"]] - treated[row["point"]]).mean()
        assert row["deaths_averted"] == pytest.approx(expected)


def test_what_points_are_compared_with_is_said_in_words(config: Any) -> None:
    factors = ("forms.bargaining=agenda_setter,compromise", "action.start=never,4")
    where = run_sweep(config(*factors, "output=w"), engine=FakeEngine())
    assert compare(where, {}, {"forms.bargaining": "compromise"}).reference == (
        "forms.bargaining=compromise"
    )
    never = compare(where, {}, read_one("action.start=never"))
    assert never.reference == "action.start=never"
    assert set(never.effects["action.start"]) == {4.0}


def read_one(text: str) -> dict[str, Any]:
    return {name: values[0] for name, values in read_levers([text]).items()}


def test_realised_presence_is_the_peacekeepers_summed_over_weeks(folder: Path) -> None:
    # The engine sends 100 peacekeepers from week 2 + start on, in runs of 10 weeks.
    effects = compare(folder).effects
    assert effects["peacekeeper_weeks"].tolist() == [800, 800, 400, 400]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "no such folder"),
        (["action.start=0"], "RESULTS"),
        (["r", "action.strat=0"], "did you mean 'action.start'"),
        (["r", "action.start=3"], "no point of the design"),
        (["r", "--against", "action.start"], "lever=value"),
        (["r", "--level", "95"], "0.95"),
    ],
)
def test_a_mistake_is_one_line(folder: Path, arguments: list[str], said: str) -> None:
    with pytest.raises(ForestallError, match=said):
        main(arguments)


def design_of(*overrides: str) -> Any:
    return designs.design_of(compose(["intervention=[peacekeeping,mediation]", *overrides]))


@pytest.mark.parametrize("arrival", ["bargained", "8"])
def test_equal_resource_weeks_are_equal_for_every_measure_and_no_dose_rises(arrival: str) -> None:
    design = design_of("action.start=-13,0,52", f"action.arrival={arrival}", "weeks=120")
    scaled = at_equal_resource_weeks(design)
    asked: dict[str, list[float]] = {}
    for before, after in zip(design.points, scaled.points, strict=True):
        assert after.levers == before.levers and after.baseline == before.baseline
        scenario = scenario_of(after.config)
        for old, new in zip(scenario_of(before.config).measures, scenario.measures, strict=True):
            assert new.intensity <= old.intensity
            weeks = full_dose_weeks(scenario)[new.declaration.name]
            asked.setdefault(new.declaration.name, []).append(weeks * new.intensity)
    for amounts in asked.values():
        assert amounts == pytest.approx([amounts[0]] * 3)


def test_the_weeks_asked_for_are_those_counted_by_hand() -> None:
    (point,) = design_of("action.start=4", "action.arrival=8", "weeks=60").points
    scenario = scenario_of(point.config)
    assert full_dose_weeks(scenario)["peacekeeping"] == 60 - (scenario.shock_week + 4 + 8)
    (point,) = design_of("interventions.mediation.ramp=4", "weeks=60", "action.start=4").points
    # A ramp of four weeks brings 1/4, 2/4, 3/4 and 4/4 of the dose: 1.5 weeks less.
    assert full_dose_weeks(scenario_of(point.config))["mediation"] == 60 - 26 - 4 - 1.5


def test_a_measure_that_ends_early_and_points_that_never_act_keep_their_dose() -> None:
    brief = design_of("action.start=0,26", "interventions.peacekeeping.duration=20", "weeks=156")
    shares = shares_of_dose(brief)
    assert {found["peacekeeping"] for found in shares.values()} == {1.0}
    never = design_of("action.start=never,0", "weeks=156")
    assert at_equal_resource_weeks(never) == never


def test_a_sweep_at_equal_resource_weeks_is_another_folder_and_says_so(config: Any) -> None:
    folders = [
        run_sweep(config(f"design.equal={equal}", "weeks=60"), engine=FakeEngine())
        for equal in ("endowment", "resource_weeks")
    ]
    assert folders[0] != folders[1]
    one, other = (compare(folder) for folder in folders)
    assert (one.equal, other.equal) == ("endowment", "resource_weeks")
    # The start at week 4 leaves the fewest weeks: its points stay what they are.
    same = set(one.effects["point"]) & set(other.effects["point"])
    assert same == set(one.effects.loc[one.effects["action.start"] == 4, "point"])


def test_an_unknown_way_of_being_equal_is_one_line() -> None:
    with pytest.raises(ForestallError, match="did you mean 'resource_weeks'"):
        compose(["design.equal=resource_week"])
