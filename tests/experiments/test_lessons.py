"""The verdict on the lessons: what was registered, how it is judged, that it can go against them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from analysis.intervals import Interval
from experiments.designs import design_of, scenario_of
from experiments.lessons import registration as registered_file
from experiments.lessons.command import main
from experiments.lessons.judging import carried, contrasts, judge, verdict
from experiments.lessons.national import judge_national
from experiments.lessons.page import FIGURES, PICTURE, page, rounded
from experiments.lessons.registration import (
    FROZEN,
    NATIONAL,
    Lesson,
    chosen,
    digest,
    quick,
    registered,
)
from experiments.lessons.running import config_of, pieces
from sim.errors import ForestallError

DECISION = {"most": 2 / 3, "few": 0.05}
COUNTRIES = ("one", "two")


# --- what was registered --------------------------------------------------------------------------


def test_the_registration_is_the_one_that_was_frozen() -> None:
    assert digest() == FROZEN.read_text(encoding="utf-8").split()[0] == registered().digest


def test_the_published_verdict_is_of_this_registration_and_of_this_ensemble() -> None:
    folder = Path(registered_file.__file__).parent
    text = (folder / "VERDICT.md").read_text(encoding="utf-8")
    scenarios = Path(registered_file.__file__).parents[2] / "scenarios"
    ensemble = yaml.safe_load((scenarios / "posterior" / "calibrated.yaml").read_text("utf-8"))
    assert f"`{registered().digest[:16]}`" in text
    assert f"`{ensemble['sha256'][:16]}`" in text
    kept = json.loads((folder / FIGURES).read_text(encoding="utf-8"))
    assert page(kept) == text, "forestall lessons --page experiments/lessons/VERDICT.md"
    assert not kept["quick"]
    assert (folder / PICTURE).is_file()


def test_a_registration_that_changed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = tmp_path / "registered.yaml"
    text = registered_file.FILE.read_text(encoding="utf-8")
    changed.write_text(text.replace("few: 0.05", "few: 0.50"), encoding="utf-8")
    monkeypatch.setattr(registered_file, "FILE", changed)
    monkeypatch.setattr(registered_file, "digest", lambda: digest(changed))
    registered.cache_clear()
    try:
        with pytest.raises(ForestallError, match="changed after registration decides nothing"):
            registered()
    finally:
        registered.cache_clear()


def test_every_lesson_and_the_interaction_are_registered_with_the_sizes_asked_for() -> None:
    found = registered()
    assert {"H1", "H2", "H3", "H4", "H1xH3"} <= set(found.lessons)
    assert found.sizes.sets >= 200
    assert found.sizes.pairs * len(found.countries) >= 100
    assert {"placebo", "adversarial", "mediator", "form"} <= {
        one.kind for one in found.conditions.values()
    }
    off = {text for one in found.conditions.values() if one.kind == "mediator" for text in one.set}
    for name in ("deployment", "split_resources", "forums", "credibility", "correlated_error"):
        assert f"mechanisms.{name}=false" in off


def test_every_contrast_compares_worlds_of_its_study() -> None:
    found = registered()
    for lesson in found.lessons.values():
        if lesson.study == NATIONAL:
            continue
        factors = found.raw["studies"][lesson.study]["factors"]
        assert sum(weight for weight, _ in lesson.contrast) == 0.0
        for _, levers in lesson.contrast:
            assert {
                name: value in factors[name] for name, value in levers.items()
            } == dict.fromkeys(factors, True)


def test_every_lesson_has_a_world_in_which_it_must_come_out_the_other_way() -> None:
    found = registered()
    for lesson in found.lessons.values():
        if lesson.study == NATIONAL:
            assert found.raw[NATIONAL]["adversarial"]["expects"] == "reverses"
            continue
        adverse = [one for one in found.conditions_of(lesson.study) if one.expects.get(lesson.id)]
        assert [one.expects[lesson.id] for one in adverse] == ["reverses"], lesson.id


@pytest.mark.long
def test_every_registered_world_is_one_that_the_model_takes() -> None:
    small = quick(registered())
    full = registered_file.replace(small, conditions=registered().conditions)
    studies = tuple(dict.fromkeys(one.study for one in full.lessons.values()))
    seen = set()
    for piece in pieces(full, studies, full.ensembles[-1:]):
        config = config_of(piece, Path("out"))
        for point in design_of(config).points[:2]:
            assert scenario_of(point.config, replicate=0).weeks == 156
        seen.add(piece.place)
    assert len(seen) == 2 + sum(len(full.conditions_of(name)) for name in full.raw["studies"])


# --- the rule -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("holds", "reverses", "mean", "said"),
    [
        (0.8, 0.04, (-0.5, -0.6, -0.4), "holds"),
        (0.5, 0.04, (-0.5, -0.6, -0.4), "holds on average"),
        (0.5, 0.04, (-0.5, -1.1, 0.1), "undecided"),
        (0.8, 0.06, (-0.5, -0.6, -0.4), "mixed"),
        (0.06, 0.06, (0.0, -0.1, 0.1), "mixed"),
        (0.04, 0.8, (0.5, 0.4, 0.6), "reverses"),
        (0.04, 0.5, (0.5, 0.4, 0.6), "reverses on average"),
        (0.0, 0.0, (0.0, -0.1, 0.1), "undecided"),
        (0.0, 0.0, (0.0, 0.0, 0.0), "undecided"),
    ],
)
def test_verdicts_follow_the_registered_rule(
    holds: float, reverses: float, mean: tuple[float, float, float], said: str
) -> None:
    assert verdict(holds, reverses, Interval(*mean), DECISION) == said
    rule = registered().raw["decision"]
    assert [rule["most"], rule["few"]] == pytest.approx([2 / 3, 0.05], abs=1e-3)


def stored(
    effects: Mapping[int, float], *, pairs: int = 40, noise: float = 0.3, seed: int = 5
) -> Any:
    """Return results in which being early changes log deaths by so much in every parameter set."""
    rng = np.random.default_rng(seed)
    sets, rows, points = len(effects), [], []
    for country in COUNTRIES:
        for start in (0, 52):
            point = f"{country}-{start}"
            points.append({"point": point, "country": country, "action.start": float(start)})
            for replicate in range(pairs * sets):
                base = 6.0 + np.sin(replicate)
                change = effects[replicate % sets] if start == 0 else 0.0
                logs = base + change + noise * rng.standard_normal()
                rows.append({
                    "point": point, "replicate": replicate, "arm": "treatment",
                    "direct_deaths": np.expm1(logs), "mass_killing": float(logs > 6.5),
                })  # fmt: skip
    never = {"point": "none", "country": "one", "action.start": np.inf}
    return SimpleNamespace(
        runs=pd.DataFrame(rows), design=pd.DataFrame([*points, never]),
        points=[row["point"] for row in points], config={"posterior": {"sets": sets}},
    )  # fmt: skip


EARLY = Lesson(
    id="E", title="early", claim="", study="x",
    contrast=((1.0, {"action.start": 0.0}), (-1.0, {"action.start": 52.0})),
)  # fmt: skip


@pytest.fixture
def region(monkeypatch: pytest.MonkeyPatch) -> Any:
    full = registered()
    raw = {**full.raw, "region": {**full.raw["region"], "countries": list(COUNTRIES)}}
    return registered_file.replace(full, raw=raw)


def test_sets_are_told_apart_by_their_replicates(region: Any) -> None:
    judged = judge(stored({0: -1.0, 1: 1.0, 2: 0.0, 3: -0.5}), EARLY, region)
    assert judged.pairs == 80
    assert judged.sets["side"].tolist() == ["holds", "reverses", "undecided", "holds"]
    assert judged.sets["effect"].tolist() == pytest.approx([-1.0, 1.0, 0.0, -0.5], abs=0.15)
    assert judged.effect.estimate == pytest.approx(-0.125, abs=0.1)
    assert judged.verdict(region.raw["decision"]) == "mixed"
    assert set(judged.by_country) == set(COUNTRIES)


def test_what_changes_nothing_is_found_to_the_bit(region: Any) -> None:
    found = stored({0: 0.0, 1: 0.0}, noise=0.0)
    judged = judge(found, EARLY, region)
    assert judged.changed == 0.0
    assert judged.sets["side"].tolist() == ["undecided"] * 2
    one = found.runs["replicate"] == 3
    found.runs.loc[one & (found.runs["point"] == "two-0"), "direct_deaths"] += 1.0
    assert judge(found, EARLY, region).changed > 0.0


def test_what_a_mechanism_carries_is_what_goes_when_it_is_off(region: Any) -> None:
    effects = dict.fromkeys(range(6), -1.0)
    main_effect = judge(stored(effects), EARLY, region)
    off = judge(stored(dict.fromkeys(effects, -0.2), seed=6), EARLY, region)
    change = carried(main_effect, off)
    assert change.low < 0.8 < change.high
    assert change.low > 0.0


def test_a_world_that_the_design_lacks_is_named(region: Any) -> None:
    later = registered_file.replace(EARLY, contrast=((1.0, {"action.start": 13.0}),))
    with pytest.raises(ForestallError, match="0 points have"):
        contrasts(stored({0: 0.0}), later, COUNTRIES)


def test_the_fourth_lesson_is_told_by_which_block_explains_more() -> None:
    """A function of one national and one international factor, whose indices are known."""
    from experiments.sampling import sample

    unit = sample("saltelli_blocks", 2, points=64, seed=1, blocks=("national", "international"))
    weights = {0: (3.0, 1.0), 1: (1.0, 3.0), 2: (2.0, 0.0)}
    names = ("attributes.commitment", "action.start")
    points = [f"p{number}" for number in range(len(unit))]
    table = pd.DataFrame(unit, columns=list(names)).assign(
        block=0, row=np.arange(len(unit)), point=points
    )
    rows = [
        {"point": point, "replicate": number, "arm": "treatment", "mass_killing": 0.0,
         "direct_deaths": np.expm1(5.0 + unit[place] @ np.array(weights[number]))}
        for place, point in enumerate(points)
        for number in weights
    ]  # fmt: skip
    found: Any = SimpleNamespace(
        sample=table, runs=pd.DataFrame(rows), config={"posterior": {"sets": len(weights)}}
    )
    judged, blocks = judge_national(found, registered())
    assert judged.sets["side"].tolist() == ["holds", "reverses", "holds"]
    first = judged.sets.set_index("set")
    assert first.loc[0, "national"] == pytest.approx(0.9, abs=0.08)
    assert first.loc[1, "effect"] == pytest.approx(0.8, abs=0.15)
    assert first.loc[2, "international"] == 0.0
    assert blocks["national"].low < blocks["national"].estimate < blocks["national"].high


# --- the command ----------------------------------------------------------------------------------


@pytest.mark.long
def test_a_quick_look_judges_every_lesson_and_says_that_it_decides_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = str(tmp_path / "made" / "VERDICT.md")
    assert main(["--quick", "--json", "--output", str(tmp_path / "out"), "--page", made]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["quick"]
    assert found["registration"] == registered().digest
    assert [row["id"] for row in found["lessons"]] == list(registered().lessons)
    for row in found["lessons"]:
        assert {"verdict", "effect", "interval", "shares", "reversals", "mediators"} <= set(row)
        for ensemble in (row["posterior"], row["prior"]):
            assert sum(side["share"] for side in ensemble["shares"].values()) == pytest.approx(1.0)
    for row in found["lessons"]:
        for control in row["controls"]:
            if control["condition"] == "placebo":
                assert control["passed"], control
    fourth = found["lessons"][-1]["posterior"]
    assert {one["block"] for one in fourth["indices"]} == {"national", "international"}
    for name in ("lessons.png", "lessons_by_condition.png"):
        assert (tmp_path / "out" / "figures" / name).is_file()
    kept = json.loads((tmp_path / "made" / FIGURES).read_text(encoding="utf-8"))
    assert kept == rounded({"command": "forestall lessons --quick --page FILE", **found})
    assert page(kept) == Path(made).read_text(encoding="utf-8")
    ensembles = {one["name"]: one["sha256"] for one in kept["ensembles"]}
    assert set(ensembles) == {"calibrated", "prior"}
    assert all(f"`{digest[:16]}`" in page(kept) for digest in ensembles.values())


@pytest.mark.long
def test_the_same_lesson_run_again_has_the_same_digest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    digests = []
    for number, workers in enumerate(("1", "2")):
        arguments = ["H1b", "--quick", "--json", "--ensemble", "prior", "--no-figures"]
        main([*arguments, "--workers", workers, "--output", str(tmp_path / str(number))])
        digests.append(json.loads(capsys.readouterr().out)["digest"])
    assert digests[0] == digests[1]
    arguments = ["H1b", "--quick", "--ensemble", "prior", "--no-figures"]
    main([*arguments, "--output", str(tmp_path / "0")])
    said = capsys.readouterr().out
    assert said.startswith("QUICK: so few runs that nothing here decides anything")
    assert digests[0] in said, "runs that are stored give the same digest"


def test_a_sweep_is_as_many_runs_as_the_plan_says() -> None:
    small = quick(registered())
    for study in ("timing_unity", "priority", NATIONAL):
        piece = next(iter(pieces(small, (study,), ("prior",))))
        config = config_of(piece, Path("out"))
        design = design_of(config)
        worlds = len(design.points) + len(design.baselines)
        assert piece.runs == worlds * config["replicates"], study


def test_the_plan_says_how_long_the_full_suite_takes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--plan", "--workers", "2"]) == 0
    said = capsys.readouterr().out
    assert "on 2 idle cores" in said
    runs = int(said.split("sweeps, ")[1].split(" runs")[0].replace(",", ""))
    assert runs > 1_000_000


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["H5"], "H5"),
        (["--ensemble", "posterior"], "calibrated, prior"),
        (["--workers", "0"], "--workers"),
    ],
)
def test_mistakes_are_named(arguments: list[str], said: str) -> None:
    with pytest.raises(ForestallError, match=said):
        main(arguments)
    assert [one.id for one in chosen(registered(), ["H3", "H1"])] == ["H1", "H3"]
